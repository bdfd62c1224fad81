import { type BigIntStats, chmodSync, constants, copyFileSync, lstatSync, readdirSync, utimesSync } from 'node:fs';
import { chmod, copyFile, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { MaestroError } from '../domain/errors.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { removeTree } from '../platform/files.ts';
import { stampOf } from './copy-file.ts';
import type { Link } from './link-dependencies.ts';
import { withBreath } from './with-breath.ts';

interface Entry {
  readonly kind: 'file' | 'link' | 'folder';
  /** Where it comes from: a file of the source, or the target of a link. */
  readonly from: string;
  readonly mode: number;
  stamp: string;
}

/** What a folder has to hold, by path, every folder before what is in it. */
export type FolderImage = Map<string, Entry>;

const COPIES_AT_ONCE = 16;
/** Up to this size a copy is not worth waiting for. */
const SMALL_BYTES = 1024 * 1024;
/** Looking at a file takes microseconds: so many at a time do not hold up anything else. */
const LOOKS_AT_ONCE = 500;

/** Copies `source` to the new folder `target`, with some links and folders added. Throws `disk_full`. */
export async function fillFolder(
  source: string,
  target: string,
  added: { readonly links: readonly Link[]; readonly folders: readonly string[] },
): Promise<FolderImage> {
  const image = await readImage(source, added);
  await mkdir(target, { recursive: true });
  await make(target, image, [...image.keys()]);
  return image;
}

/**
 * Puts a folder right: everything that is not as it was made is removed or made again. What a program writes is always
 * found, because it can't set a file's change time.
 */
export async function restoreFolder(target: string, image: FolderImage): Promise<void> {
  const seen = new Set<string>();
  const wrong: string[] = [];
  let looks = 0;
  for (const folders = ['']; folders.length > 0; ) {
    const folder = folders.pop()!;
    for (const name of readdirSync(join(target, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = image.get(path);
      const found = lstatSync(join(target, path), { bigint: true });
      if (entry && isAsMade(entry, found)) {
        seen.add(path);
        if (entry.kind === 'folder') folders.push(path);
      } else wrong.push(path);
      if (++looks % LOOKS_AT_ONCE === 0) await setImmediate();
    }
  }
  for (const path of wrong) await removeTree(join(target, path));
  await make(
    target,
    image,
    [...image.keys()].filter((path) => !seen.has(path)),
  );
}

function isAsMade(entry: Entry, found: BigIntStats): boolean {
  if (entry.kind === 'folder') return found.isDirectory() && Number(found.mode & 0o7777n) === entry.mode;
  return entry.stamp === stampOf(found);
}

async function readImage(
  source: string,
  added: { readonly links: readonly Link[]; readonly folders: readonly string[] },
): Promise<FolderImage> {
  const image: FolderImage = new Map();
  const addFolder = (path: string, mode = 0o755) => {
    if (path === '.' || image.has(path)) return;
    addFolder(dirname(path));
    image.set(path, { kind: 'folder', from: '', mode, stamp: '' });
  };
  for (const folders = ['']; folders.length > 0; ) {
    const folder = folders.pop()!;
    for (const name of readdirSync(join(source, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const from = join(source, path);
      const found = lstatSync(from);
      const mode = found.mode & 0o7777;
      if (found.isDirectory()) folders.push(path);
      if (found.isDirectory()) image.set(path, { kind: 'folder', from: '', mode, stamp: '' });
      else if (found.isSymbolicLink()) image.set(path, { kind: 'link', from: await readlink(from), mode, stamp: '' });
      else image.set(path, { kind: 'file', from, mode, stamp: '' });
    }
  }
  for (const path of added.folders) addFolder(path);
  for (const { path, target } of added.links) {
    addFolder(dirname(path));
    image.set(path, { kind: 'link', from: target, mode: 0, stamp: '' });
  }
  return image;
}

/** Makes the entries at `paths`, folders first, and notes how each looks once made. */
async function make(target: string, image: FolderImage, paths: readonly string[]): Promise<void> {
  try {
    for (const path of paths.filter((path) => image.get(path)!.kind === 'folder').sort()) {
      await mkdir(join(target, path), { recursive: true });
      await chmod(join(target, path), image.get(path)!.mode);
    }
    await inParallel(
      paths.filter((path) => image.get(path)!.kind !== 'folder'),
      COPIES_AT_ONCE,
      withBreath((path) => makeFile(join(target, path), image.get(path)!)),
    );
  } catch (error) {
    throw asDiskFull(error, target);
  }
}

async function makeFile(to: string, entry: Entry): Promise<void> {
  if (entry.kind === 'link') await symlink(entry.from, to);
  else {
    const { atime, mtimeNs, size } = lstatSync(entry.from, { bigint: true });
    if (size > SMALL_BYTES) await copyFile(entry.from, to, constants.COPYFILE_FICLONE);
    else copyFileSync(entry.from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, entry.mode);
    utimesSync(to, atime, Number(mtimeNs) / 1e9);
  }
  entry.stamp = stampOf(lstatSync(to, { bigint: true }));
}

function asDiskFull(error: unknown, target: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new MaestroError(
    'disk_full',
    `no space left for a copy of the tree in ${dirname(dirname(target))}`,
    'Free some space there, or set TMPDIR to a folder on another disk.',
    { cause: error },
  );
}
