import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Snapshot } from '../domain/ports.ts';
import { trackedIn } from '../platform/git-index.ts';
import { refusal } from '../platform/patch-names.ts';
import { dependencyFolderOf, isCache, isDependencyFolder } from './dependency-folders.ts';
import { listProject, listTree } from './list-tree.ts';
import { readText, rootOf } from './snapshot.ts';

/** The tree as a snapshot would hold it, without a copy: each file is read where it lies, once, when it is first asked for. */
export interface StillTree extends Pick<Snapshot, 'read'> {
  /** Files of the tree and links, wherever they lead; sorted, `/` separators. */
  files(): Promise<readonly string[]>;
  /** Hash over what was read and listed so far: the same for the same answers. */
  stand(): Promise<string>;
}

/** The tree that holds `cwd` (a real path). Ignored files, caches, dependencies and links read as `null`, as in a snapshot. */
export function stillTree(cwd: string, signal: AbortSignal = new AbortController().signal): StillTree {
  const texts = new Map<string, Promise<string | null>>();
  let root: Promise<string> | undefined;
  let files: Promise<readonly string[]> | undefined;
  const rootOnce = () => {
    root ??= rootOf(cwd, signal);
    return root;
  };
  const isListed = together(async (paths: readonly string[]) => listedAmong(await rootOnce(), paths, signal));
  const readNow = async (path: string): Promise<string | null> => {
    if (refusal(path) !== null || path.split('/').some(isCache)) return null;
    const at = await rootOnce();
    if (!isPlainFile(at, path) || !(await isListed(path))) return null;
    return readText(join(at, path)).catch(() => null);
  };
  return {
    read: (path) => {
      const text = texts.get(path) ?? readNow(path);
      texts.set(path, text);
      return text;
    },
    files: () => {
      files ??= rootOnce().then((at) => listFiles(at, signal));
      return files;
    },
    stand: async () => {
      const read = await Promise.all([...texts].map(async ([path, text]) => [path, await text] as const));
      const known = [read.toSorted(byPath), (await files) ?? null];
      return createHash('sha256').update(JSON.stringify(known)).digest('hex');
    },
  };
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

async function listFiles(root: string, signal: AbortSignal): Promise<readonly string[]> {
  return (await listProject(root, signal))?.toSorted() ?? (await listTree(root, signal)).files;
}

/** Those of the paths of plain files that a listing of the tree would name; git is only started where its index does not tell. */
async function listedAmong(root: string, paths: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const isOwn = (path: string) => dependencyFolderOf(path) === null;
  const tracked = await trackedIn(root, paths.filter(isOwn));
  const open = paths.filter((path) => !tracked.has(path));
  if (open.length === 0) return tracked;
  const listed = await listProject(root, signal, [], isShort(open) ? open : undefined);
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

/** A file that is reached through folders alone. */
function isPlainFile(root: string, path: string): boolean {
  const look = (at: string) => lstatSync(join(root, at), { throwIfNoEntry: false });
  try {
    return foldersOf(path).every((folder) => look(folder)?.isDirectory()) && look(path)?.isFile() === true;
  } catch {
    return false;
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
