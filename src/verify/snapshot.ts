import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { Snapshot } from '../domain/ports.ts';
import { gitRoot, isBareRepository } from '../platform/git.ts';
import { realHome } from '../platform/project-root.ts';
import { makeTempDir, removeTempDir } from '../platform/temp.ts';
import { copyInto, type FileRecord, recordOf } from './copy-file.ts';
import { listTree, type TreeListing } from './list-tree.ts';
import { withBreath } from './with-breath.ts';

/** A copy of the working tree, the original of every workspace. */
export interface TreeSnapshot extends Snapshot {
  /** The copy: the tree's files, ignored files that tests may need, and an empty folder for each shared one. */
  readonly dir: string;
  /** The folder the user is in, relative to `root`; '' for the root itself. */
  readonly folder: string;
  /** Dependency folders, relative to `root`: they stay where they are. */
  readonly dependencies: readonly string[];
  /** Ignored folders that are too large to copy; shown where overlays keep them safe, else missing. */
  readonly bulky: readonly string[];
  /** What is not in the copy, one line each. */
  readonly notes: readonly string[];
  /** By path: what every file was, to see later whether it still is. */
  readonly records: ReadonlyMap<string, FileRecord>;
  dispose(): Promise<void>;
}

const COPIES_AT_ONCE = 16;
const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Copies the tree that holds `cwd` as it stands: the whole repository where there is one, else the folder. Throws
 * `workspace_missing`, `workspace_unreadable`, `workspace_bare`, `workspace_empty` or `disk_full`; then nothing is left behind.
 */
export async function takeSnapshot(cwd: string, { signal }: { readonly signal: AbortSignal }): Promise<TreeSnapshot> {
  const at = await openFolder(cwd);
  if (await isBareRepository(at, signal)) throw bare(at);
  const root = await rootOf(at, signal);
  const listing = await listTree(root, signal).catch((error) => {
    throw asUnreadable(error, root);
  });
  if (listing.files.length === 0) throw empty(root);
  const home = makeTempDir('snapshot');
  try {
    const dir = join(home, 'tree');
    const copied = await copyTree(root, dir, listing, signal);
    return describe({ root, folder: relative(root, at), dir, listing, ...copied, dispose: () => removeTempDir(home) });
  } catch (error) {
    await removeTempDir(home);
    throw asDiskFull(error, home);
  }
}

/** Paths of the tree that were added, deleted or changed since the snapshot was taken, sorted; `[]`: it is as it was. */
export async function changedPaths(snapshot: TreeSnapshot, signal: AbortSignal): Promise<string[]> {
  const { files } = await listTree(snapshot.root, signal);
  const leftOut = new Set(snapshot.notes.map((note) => note.split(NOTE)[0]));
  const paths = [...new Set([...files, ...snapshot.files])].filter((path) => !leftOut.has(path)).sort();
  const differs = await inParallel(
    paths,
    COPIES_AT_ONCE,
    withBreath(async (path) => {
      const known = snapshot.records.get(path);
      const now = await recordOf(snapshot.root, path, known);
      return now?.kind !== known?.kind || now?.hash !== known?.hash;
    }),
  );
  return paths.filter((_, index) => differs[index]);
}

const NOTE = ' is left out: ';

interface Copied {
  readonly records: ReadonlyMap<string, FileRecord>;
  readonly notes: readonly string[];
}

async function copyTree(root: string, dir: string, listing: TreeListing, signal: AbortSignal): Promise<Copied> {
  const { files, extras, emptyFolders, dependencies, notes } = listing;
  const all = [...files, ...extras];
  const folders = new Set([...all.map((path) => dirname(path)), ...emptyFolders, ...dependencies]);
  await mkdir(dir, { recursive: true });
  for (const folder of folders) await mkdir(join(dir, folder), { recursive: true });
  const records = new Map<string, FileRecord>();
  const left: string[] = [];
  const copyOne = async (path: string): Promise<void> => {
    signal.throwIfAborted();
    const copy = await copyInto(root, path, join(dir, path)).catch((error) => ({ leftOut: whyUnreadable(error) }));
    if ('leftOut' in copy) left.push(`${path}${NOTE}${copy.leftOut}`);
    else records.set(path, copy);
  };
  await inParallel(all, COPIES_AT_ONCE, withBreath(copyOne));
  return { records, notes: [...notes, ...left].sort() };
}

/** Files that go away or can't be read while we copy are left out; anything else is an error. */
function whyUnreadable(error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'it cannot be read';
  if (error.code === 'ENOENT') return 'it went away';
  throw error;
}

interface Parts extends Copied {
  readonly root: string;
  readonly folder: string;
  readonly dir: string;
  readonly listing: TreeListing;
  dispose(): Promise<void>;
}

function describe({ root, folder, dir, listing, records, notes, dispose }: Parts): TreeSnapshot {
  const files = listing.files.filter((path) => records.has(path));
  const hash = createHash('sha256');
  for (const path of files) {
    const { kind, hash: content } = records.get(path)!;
    hash.update(`${path}\0${kind}\0${content}\0`);
  }
  const known = new Set(files);
  return {
    ...{ root, folder, dir, files, records, notes, dispose, fingerprint: hash.digest('hex') },
    ...{ dependencies: listing.dependencies, bulky: listing.bulky },
    read: async (path) => (known.has(path) && records.get(path)!.kind !== 'link' ? readText(join(dir, path)) : null),
  };
}

/** Text of a file, or `null` where it is binary or over a megabyte. Rejects with Node's error where there is none. */
export async function readText(file: string): Promise<string | null> {
  if ((await stat(file)).size > MAX_TEXT_BYTES) return null;
  const content = await readFile(file);
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}

async function openFolder(cwd: string): Promise<string> {
  try {
    const real = await realpath(cwd);
    if (!(await stat(real)).isDirectory()) throw missing(cwd, 'is not a folder');
    await access(real, constants.R_OK | constants.X_OK);
    return real;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing(cwd, 'does not exist');
    throw asUnreadable(error, cwd);
  }
}

/** A repository that is the whole home folder or file system is not the project. */
async function rootOf(at: string, signal: AbortSignal): Promise<string> {
  const root = await gitRoot(at, signal);
  return root === null || root === '/' || root === realHome() ? at : root;
}

function missing(cwd: string, what: string): MaestroError {
  return new MaestroError('workspace_missing', `${cwd} ${what}`, 'Give the folder of the project with --cwd.');
}

function bare(at: string): MaestroError {
  return new MaestroError(
    'workspace_bare',
    `${at} is a bare repository: there are no files to test`,
    'Clone it, or run this in a working tree of it.',
  );
}

function empty(root: string): MaestroError {
  return new MaestroError('workspace_empty', `${root} has no files`, 'Run this in the folder of the project.');
}

function asUnreadable(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return error;
  return new MaestroError(
    'workspace_unreadable',
    `${path} cannot be read`,
    'Give yourself permission to read it, or run as its owner.',
    { cause: error },
  );
}

function asDiskFull(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new MaestroError(
    'disk_full',
    `no space left for a copy of the tree in ${dirname(path)}`,
    'Free some space there, or set TMPDIR to a folder on another disk.',
    { cause: error },
  );
}
