import { dirname, join } from 'node:path';
import type { Candidates, GitListing } from './candidates.ts';
import { factsOf } from './facts.ts';
import { ignoredByGit } from './git.ts';
import { type GitFolders, gitFoldersOf } from './git-folders.ts';
import { settingFiles } from './git-settings.ts';
import { Marks } from './marks.ts';
import { entriesOf, type Walked } from './walk.ts';

const MOST_MARKS = 100_000;
const MOST_ROUNDS = 8;
/** What makes a repository of a folder. */
const TELLING = ['.git', '.git/HEAD', '.git/objects', '.git/refs'];

/**
 * Marks everything by whose change the candidates could become others: the folders they were found in and those that could
 * get some, the index, what says what is ignored. `null` where that is not plain to see, or changed just before `began`,
 * the moment (ms since the epoch) at which they began to be found, or after it.
 */
export async function marksOf(
  root: string,
  candidates: Candidates,
  began: number,
  signal: AbortSignal,
): Promise<Marks | null> {
  const marks = new Marks();
  const isPlain = markRules(marks, join(root, '.maestroignore'));
  const watched =
    isPlain &&
    (candidates.source === 'git'
      ? await watchGit(root, candidates, marks, signal)
      : watchWalk(root, candidates, marks));
  return watched && marks.paths.length <= MOST_MARKS && marks.isCalmAt(began) ? marks : null;
}

function watchWalk(root: string, { folders, rules, truncated }: Walked, marks: Marks): boolean {
  if (truncated || gitFoldersOf(root) !== 'none') return false;
  for (let above = root; ; above = dirname(above)) {
    marks.addIdentity(join(above, '.git'));
    if (above === dirname(above)) break;
  }
  for (const folder of folders) marks.add(join(root, folder));
  return rules.every((path) => markRules(marks, join(root, path)));
}

async function watchGit(root: string, listing: GitListing, marks: Marks, signal: AbortSignal): Promise<boolean> {
  const places = listing.repositories.map((under) => gitFoldersOf(join(root, under)));
  for (const place of places) if (typeof place === 'string' || !markRepository(marks, place)) return false;
  if (!markAbove(marks, root, (places[0] as GitFolders).top)) return false;
  for (const under of listing.nested) {
    if (!factsOf(join(root, under, '.git'))?.isDirectory()) return false;
    for (const name of TELLING) marks.addIdentity(join(root, under, name));
  }
  return new Folders(root, listing, marks).watch(signal);
}

/** What git reads before it looks at the working tree. */
function markRepository(marks: Marks, git: GitFolders): boolean {
  const settings = settingFiles(git);
  if (settings === null) return false;
  const link = join(git.top, '.git');
  if (link === git.own) marks.addIdentity(link);
  else marks.add(link);
  for (const name of ['HEAD', 'commondir']) marks.addIdentity(join(git.own, name));
  for (const name of ['objects', 'refs']) marks.addIdentity(join(git.shared, name));
  for (const path of [join(git.own, 'index'), ...settings]) marks.add(path);
  return true;
}

/** From the root up to where the working tree begins: what is ignored there, and that no repository begins in between. */
function markAbove(marks: Marks, root: string, top: string): boolean {
  for (let folder = root; folder !== top; folder = dirname(folder)) {
    for (const name of ['.git', 'HEAD']) marks.addIdentity(join(folder, name));
    if (!markRules(marks, join(dirname(folder), '.gitignore'))) return false;
  }
  return true;
}

/** Marks a file of rules, there or not; not when it is a link, which may lead to what changes elsewhere. */
function markRules(marks: Marks, path: string): boolean {
  marks.add(path);
  return !factsOf(path)?.isSymbolicLink();
}

/** The folders of a working tree that git looks into. */
class Folders {
  readonly #root: string;
  readonly #marks: Marks;
  readonly #repositories: readonly string[];
  readonly #nested: ReadonlySet<string>;
  readonly #known = new Set<string>();
  #unknown: string[] = [];

  constructor(root: string, { paths, repositories, nested }: GitListing, marks: Marks) {
    this.#root = root;
    this.#marks = marks;
    this.#repositories = repositories.toSorted((a, b) => b.length - a.length);
    this.#nested = new Set(nested);
    for (const folder of repositories) this.#know(folder);
    for (const path of paths) this.#know(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  }

  /** Marks them all; those without a listed file are watched too when git does not ignore them. */
  async watch(signal: AbortSignal): Promise<boolean> {
    let fresh: Iterable<string> = this.#known;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.#unknown = [];
      for (const folder of fresh) if (!this.#read(folder) || this.#marks.paths.length > MOST_MARKS) return false;
      if (this.#unknown.length === 0) return true;
      const open = await this.#notIgnored(signal);
      if (open === null) return false;
      for (const folder of open) this.#known.add(folder);
      fresh = open;
    }
    return false;
  }

  #know(folder: string): void {
    if (this.#known.has(folder)) return;
    this.#known.add(folder);
    if (folder !== '') this.#know(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))));
  }

  #read(folder: string): boolean {
    const path = join(this.#root, folder);
    this.#marks.add(path);
    if (this.#nested.has(folder)) return true;
    for (const entry of entriesOf(path)) {
      const inner = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.name === '.git') {
        if (!this.#repositories.includes(folder)) return false;
      } else if (entry.isDirectory()) {
        if (!this.#known.has(inner)) this.#unknown.push(inner);
      } else if (entry.name === '.gitignore' && !markRules(this.#marks, join(path, entry.name))) return false;
    }
    return true;
  }

  async #notIgnored(signal: AbortSignal): Promise<string[] | null> {
    const open: string[] = [];
    const isIn = (folder: string, repository: string): boolean =>
      repository === '' || folder.startsWith(`${repository}/`);
    const homes = Map.groupBy(this.#unknown, (folder) => this.#repositories.find((one) => isIn(folder, one))!);
    for (const [home, folders] of homes) {
      const own = (folder: string): string => folder.slice(home ? home.length + 1 : 0);
      const ignored = await ignoredByGit(join(this.#root, home), folders.map(own), signal);
      if (ignored === null) return null;
      open.push(...folders.filter((folder) => !ignored.has(own(folder))));
    }
    return open;
  }
}
