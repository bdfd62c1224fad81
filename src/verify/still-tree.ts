import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Snapshot } from '../domain/ports.ts';
import { trackedIn } from '../platform/git-index.ts';
import { refusal } from '../platform/patch-names.ts';
import { dependencyFolderOf, isCache, isDependencyFolder } from './dependency-folders.ts';
import { listProject, listTree } from './list-tree.ts';
import { readText } from './snapshot.ts';

/** The tree as a snapshot would hold it, without a copy: each file is read where it lies, once, when it is first asked for. */
export interface StillTree extends Pick<Snapshot, 'read'> {
  /** Whether there is a file, or a link, of that path. */
  has(path: string): Promise<boolean>;
  /** Files of the tree and links, wherever they lead; sorted, `/` separators. */
  files(): Promise<readonly string[]>;
  /** Hash over what was read and listed so far: the same for the same answers. */
  stand(): Promise<string>;
  /** The same tree, with what was read of it so far, for which another signal ends what is still to be read. */
  under(signal: AbortSignal): StillTree;
}

/** The tree at `root` (a real path), the top of its project. Ignored files, caches, dependencies and links read as `null`, as in a snapshot. */
export function stillTree(root: string, signal: AbortSignal = new AbortController().signal): StillTree {
  return treeOver(root, signal, { kinds: new Map(), texts: new Map(), files: new Map() });
}

/** What is known of a tree, by path; of its files under the empty one. */
interface Said {
  readonly kinds: Map<string, Promise<Kind | null>>;
  readonly texts: Map<string, Promise<string | null>>;
  readonly files: Map<string, Promise<readonly string[]>>;
}

function treeOver(root: string, signal: AbortSignal, said: Said): StillTree {
  const isListed = together((paths: readonly string[]) => listedAmong(root, paths, signal));
  const kinds = once(said.kinds, async (path): Promise<Kind | null> => {
    if (refusal(path) !== null || path.split('/').some(isCache)) return null;
    const kind = kindOf(root, path);
    return kind !== null && (await isListed(path)) ? kind : null;
  });
  const texts = once(said.texts, async (path): Promise<string | null> => {
    return (await kinds.of(path)) === 'file' ? readText(join(root, path)).catch(() => null) : null;
  });
  const files = once(said.files, () => listFiles(root, signal));
  return {
    read: texts.of,
    has: async (path) => (await kinds.of(path)) !== null,
    files: () => files.of(''),
    stand: async () => {
      const known = [await kinds.known(), await texts.known(), await files.known()];
      return createHash('sha256').update(JSON.stringify(known)).digest('hex');
    },
    under: (other) => treeOver(root, other, said),
  };
}

type Kind = 'file' | 'link';

/** What `work` says of each path, asked until it says something; `known`: of all that were asked about, by path. */
function once<T>(said: Map<string, Promise<T>>, work: (path: string) => Promise<T>) {
  return {
    of: (path: string): Promise<T> => {
      const earlier = said.get(path);
      if (earlier) return earlier;
      const answer = work(path);
      said.set(path, answer);
      answer.catch(() => said.delete(path));
      return answer;
    },
    known: async () => {
      const all = await Promise.all([...said].map(async ([path, answer]) => [path, await answer] as const));
      return all.toSorted(byPath);
    },
  };
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

async function listFiles(root: string, signal: AbortSignal): Promise<readonly string[]> {
  const listed = (await listProject(root, signal))?.toSorted() ?? (await listTree(root, signal)).files;
  signal.throwIfAborted();
  return listed;
}

/** Those of the paths of plain files that a listing of the tree would name; git is only started where its index does not tell. */
async function listedAmong(root: string, paths: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const isOwn = (path: string) => dependencyFolderOf(path) === null;
  const tracked = await trackedIn(root, paths.filter(isOwn));
  const open = paths.filter((path) => !tracked.has(path));
  if (open.length === 0) return tracked;
  const listed = await listProject(root, signal, [], isShort(open) ? open : undefined);
  // A git that was stopped says no more than one that is not there.
  signal.throwIfAborted();
  if (listed === null) return new Set(paths.filter((path) => !isInstalled(root, path)));
  return new Set([...tracked, ...listed]);
}

/** So much fits on a command line everywhere. */
const MOST_ARGUMENT_BYTES = 64 * 1024;

function isShort(paths: readonly string[]): boolean {
  return paths.reduce((bytes, path) => bytes + Buffer.byteLength(path) + 1, 0) <= MOST_ARGUMENT_BYTES;
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isInstalled(root: string, path: string): boolean {
  return foldersOf(path).some((folder) => isDependencyFolder(join(root, dirname(folder)), folder.split('/').at(-1)!));
}

/** What lies at a path that is reached through folders alone. */
function kindOf(root: string, path: string): Kind | null {
  const look = (at: string) => lstatSync(join(root, at), { throwIfNoEntry: false });
  try {
    if (!foldersOf(path).every((folder) => look(folder)?.isDirectory())) return null;
    const found = look(path);
    return found?.isFile() ? 'file' : found?.isSymbolicLink() ? 'link' : null;
  } catch {
    return null;
  }
}

/** Asks for everything that is wanted within one turn of the event loop at once. */
function together<K>(look: (keys: readonly K[]) => Promise<ReadonlySet<K>>): (key: K) => Promise<boolean> {
  let wanted = new Set<K>();
  let found: Promise<ReadonlySet<K>> | undefined;
  return async (key) => {
    wanted.add(key);
    found ??= setImmediate().then(() => {
      const keys = [...wanted];
      wanted = new Set();
      found = undefined;
      return look(keys);
    });
    return (await found).has(key);
  };
}
