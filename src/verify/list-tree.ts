import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles } from '../platform/git.ts';
import { dependencyFolderOf, isCache, isDependencyFolder } from './dependency-folders.ts';

/** What a tree consists of; every path relative to its root, `/` separators, sorted. */
export interface TreeListing {
  /** Files and links that are the project: tracked or not ignored; everything where there is no git. */
  readonly files: readonly string[];
  /** Ignored files that tests may need (build outputs, `.env`), small enough to be copied. */
  readonly extras: readonly string[];
  /** Folders without a file of their own. */
  readonly emptyFolders: readonly string[];
  /** Dependency folders: shared, never copied. */
  readonly dependencies: readonly string[];
  /** Ignored folders too large to copy. */
  readonly bulky: readonly string[];
  /** What was left out, one line each. */
  readonly notes: readonly string[];
}

/** Above this, an ignored folder is not copied. */
const MAX_EXTRA_FILES = 5_000;
const MAX_EXTRA_BYTES = 64 * 1024 * 1024;
/** So many files in an unignored dependency folder are an installation; fewer are fixtures. */
const MAX_TRACKED_DEPENDENCY_FILES = 1_000;

interface Found {
  readonly files: string[];
  readonly extras: string[];
  readonly emptyFolders: string[];
  readonly dependencies: string[];
  readonly bulky: string[];
  readonly notes: string[];
}

/** Lists a tree without following any link. Unreadable folders below the root are left out with a note. */
export async function listTree(root: string, signal: AbortSignal): Promise<TreeListing> {
  const found: Found = { files: [], extras: [], emptyFolders: [], dependencies: [], bulky: [], notes: [] };
  const listed = await listProject(root, signal, found.dependencies);
  if (listed === null) await walk(root, '', found, found.files, signal);
  else {
    found.files.push(...listed);
    await findIgnored(root, found, signal);
  }
  for (const list of Object.values(found)) list.sort();
  return found;
}

/**
 * What of a git repository is the project, `null` where there is none; with `only`, of these paths. Folders that turn out to be
 * installations are added to `dependencies`.
 */
export async function listProject(
  root: string,
  signal: AbortSignal,
  dependencies: string[] = [],
  only?: readonly string[],
): Promise<readonly string[] | null> {
  const wanted = only?.map((path) => dependencyFolderOf(path) ?? path);
  const listed = await listFiles(root, signal, wanted);
  return listed && withoutInstallations(listed.filter(isNoCache), dependencies);
}

function isNoCache(path: string): boolean {
  return !path.split('/').some(isCache);
}

function withoutInstallations(listed: readonly string[], dependencies: string[]): string[] {
  const byFolder = Map.groupBy(listed, dependencyFolderOf);
  return [...byFolder].flatMap(([folder, paths]) => {
    if (folder === null || paths.length <= MAX_TRACKED_DEPENDENCY_FILES) return paths;
    dependencies.push(folder);
    return [];
  });
}

/** What lies beside the listed files without being listed is ignored. */
async function findIgnored(root: string, found: Found, signal: AbortSignal): Promise<void> {
  const files = new Set(found.files);
  const folders = new Set(['']);
  for (const file of files) {
    for (let folder = parent(file); !folders.has(folder); folder = parent(folder)) folders.add(folder);
  }
  for (const folder of [...folders].sort()) {
    for (const entry of await entries(root, folder, found)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!files.has(path) && !folders.has(path) && !found.dependencies.includes(path))
        await addIgnored(root, path, entry, found, signal);
    }
  }
}

async function addIgnored(root: string, path: string, entry: Dirent, found: Found, signal: AbortSignal): Promise<void> {
  if (isCache(entry.name)) return;
  if (!entry.isDirectory()) return addFile(path, entry, found, found.extras);
  if (isDependencyFolder(dirname(join(root, path)), entry.name)) {
    found.dependencies.push(path);
    return;
  }
  const inside: Found = { files: [], extras: [], emptyFolders: [], dependencies: [], bulky: [], notes: [] };
  const fits = await walk(root, path, inside, inside.extras, signal, {
    files: MAX_EXTRA_FILES,
    bytes: MAX_EXTRA_BYTES,
  });
  if (!fits) found.bulky.push(path);
  else for (const key of Object.keys(found) as Array<keyof Found>) found[key].push(...inside[key]);
}

interface Room {
  files: number;
  bytes: number;
}

/** Adds what is below a folder to `into`; `false` as soon as there is no room for it. */
async function walk(
  root: string,
  folder: string,
  found: Found,
  into: string[],
  signal: AbortSignal,
  room?: Room,
): Promise<boolean> {
  signal.throwIfAborted();
  const inside = (await entries(root, folder, found)).filter(({ name }) => !isCache(name));
  if (inside.length === 0 && folder !== '') found.emptyFolders.push(folder);
  for (const entry of inside) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) {
      await addFile(path, entry, found, into);
      if (room && !(await takes(room, join(root, path)))) return false;
    } else if (isDependencyFolder(join(root, folder), entry.name)) found.dependencies.push(path);
    else if (!(await walk(root, path, found, into, signal, room))) return false;
  }
  return true;
}

async function takes(room: Room, file: string): Promise<boolean> {
  room.files -= 1;
  room.bytes -= (await lstat(file)).size;
  return room.files >= 0 && room.bytes >= 0;
}

function addFile(path: string, entry: Dirent, found: Found, into: string[]): void {
  if (entry.isFile() || entry.isSymbolicLink()) into.push(path);
  else found.notes.push(`${path} is left out: neither a file, a folder nor a link`);
}

async function entries(root: string, folder: string, found: Found): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (folder === '' || (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOENT')) throw error;
    if (code !== 'ENOENT') found.notes.push(`${folder} is left out: it cannot be read`);
    return [];
  }
}

function parent(path: string): string {
  const at = path.lastIndexOf('/');
  return at === -1 ? '' : path.slice(0, at);
}
