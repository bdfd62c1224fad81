import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isInside } from '../../platform/files.ts';
import { behindLinks, factsOf, realPath } from './facts.ts';
import { git } from './git.ts';
import { secretByName } from './refusals.ts';

/** A regular file of the workspace: path relative to its root with `/`, and what tells that it changed. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** What may be looked at, sorted by path, and what may not, with the reason. */
export interface Listing {
  readonly files: readonly ListedFile[];
  readonly refused: ReadonlyMap<string, string>;
  /** Tracked paths that are not on disk: a sparse checkout, or deleted. */
  readonly absent: number;
  readonly repository: boolean;
  /** The walk of a folder without git stopped at its limit. */
  readonly truncated: boolean;
}

const MOST_FILES = 300_000;
const SUBMODULE_DEPTH = 5;
/** An entry of the index, as against the bare path of a file git does not track. */
const TRACKED = /^(\d{6}) [0-9a-f]{40,64} \d\t/;
const SUBMODULE = '160000';
const NEVER_WALKED = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.cache',
]);

/** Lists the files under `root` (a real path): as git knows them with what is untracked and not ignored, or by walking. */
export async function listWorkspace(root: string, signal: AbortSignal): Promise<Listing> {
  const own = ownRules(root);
  const tracked = await fromGit(root, '', signal, 0);
  const walked = tracked === null ? walk(root) : null;
  const isBehindLink = behindLinks(root);
  const refused = new Map<string, string>();
  const files: ListedFile[] = [];
  let absent = 0;
  for (const path of new Set(tracked ?? walked!.paths)) {
    const reason = secretByName(path) ?? (own?.ignores(path) ? 'excluded by .maestroignore' : null);
    if (reason) {
      refused.set(path, reason);
      continue;
    }
    const found = factsOf(`${root}/${path}`);
    if (!found) absent++;
    else if (isBehindLink(path)) refused.set(path, 'behind a folder that is a link');
    else if (found.isSymbolicLink()) {
      const problem = linkProblem(root, path);
      if (problem) refused.set(path, problem);
    } else if (found.isFile()) files.push({ path, size: found.size, mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, refused, absent, repository: tracked !== null, truncated: walked?.truncated ?? false };
}

/** Whether the rules of `.maestroignore` exclude a path. */
export function ownRules(root: string): Ignore | null {
  try {
    return ignore().add(readFileSync(join(root, '.maestroignore'), 'utf8'));
  } catch {
    return null;
  }
}

/** Why a link must not be followed; one that stays inside leads to a file that is listed itself. */
function linkProblem(root: string, path: string): string | null {
  const real = realPath(join(root, path));
  if (real === null) return 'a link that leads nowhere';
  return isInside(root, real) ? null : 'a link that leads out of the workspace';
}

/** Paths relative to `root` of one repository and of the submodules checked out in it; `null` where git knows nothing. */
async function fromGit(root: string, under: string, signal: AbortSignal, depth: number): Promise<string[] | null> {
  const cwd = join(root, under);
  const listed = await git(cwd, ['ls-files', '-z', '--stage', '--others', '--exclude-standard'], signal);
  if (listed === null) return null;
  const prefix = under && `${under}/`;
  const paths: string[] = [];
  for (const entry of listed.split('\0')) {
    const tab = entry.indexOf('\t');
    const tracked = tab > 0 && TRACKED.test(entry);
    const path = prefix + (tracked ? entry.slice(tab + 1) : entry);
    if (!tracked || !entry.startsWith(SUBMODULE)) {
      if (entry && !entry.endsWith('/')) paths.push(path);
    } else if (depth < SUBMODULE_DEPTH && isCheckedOut(join(root, path)))
      paths.push(...((await fromGit(root, path, signal, depth + 1)) ?? []));
  }
  return paths;
}

function isCheckedOut(folder: string): boolean {
  return (
    factsOf(folder)?.isDirectory() === true && statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined
  );
}

function walk(root: string): { paths: string[]; truncated: boolean } {
  const paths: string[] = [];
  const folders: { path: string; rules: readonly { base: string; rules: Ignore }[] }[] = [{ path: '', rules: [] }];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path: base } = folder;
    const own = gitignoreAt(root, base);
    const rules = own ? [...folder.rules, { base, rules: own }] : folder.rules;
    for (const entry of entriesOf(join(root, base))) {
      const path = base ? `${base}/${entry.name}` : entry.name;
      const isFolder = entry.isDirectory();
      if (isFolder && NEVER_WALKED.has(entry.name)) continue;
      if (
        rules.some((rule) =>
          rule.rules.ignores(path.slice(rule.base ? rule.base.length + 1 : 0) + (isFolder ? '/' : '')),
        )
      )
        continue;
      if (isFolder) folders.push({ path, rules });
      else if (paths.length >= MOST_FILES) return { paths, truncated: true };
      else paths.push(path);
    }
  }
  return { paths, truncated: false };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function gitignoreAt(root: string, folder: string): Ignore | null {
  try {
    return ignore().add(readFileSync(join(root, folder, '.gitignore'), 'utf8'));
  } catch {
    return null;
  }
}
