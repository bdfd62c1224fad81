import { randomUUID } from 'node:crypto';
import { chmodSync, constants, lstatSync, readdirSync, rmSync } from 'node:fs';
import { lstat, mkdir, open, realpath, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ChangeSet } from '../domain/change.ts';
import { MaestroError } from '../domain/errors.ts';

/**
 * Writes a file so that a reader, or a crash at any moment, sees the old or the new content and nothing else: a
 * temporary file beside it, synced, renamed over it. Keeps the mode of a file that is there; creates no folders. A link
 * is replaced, not followed.
 */
export async function atomicWrite(path: string, content: string | Uint8Array): Promise<void> {
  await replaceFile(path, content, true);
}

async function replaceFile(path: string, content: string | Uint8Array, synced: boolean): Promise<void> {
  const mode = await lstat(path).then(
    (found) => (found.isFile() ? found.mode & 0o7777 : null),
    () => null,
  );
  const temporary = join(dirname(path), `.maestro-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode ?? 0o666);
    try {
      await file.writeFile(content);
      if (mode !== null) await file.chmod(mode);
      if (synced) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asDiskFull(error, path);
  }
}

/**
 * Puts changes into the tree at `dir`: writes, creates folders, deletes. Every target's folder must really lie in
 * `dir`: nothing is written through a link that leads out. A link in the place of a file is replaced. All paths
 * are checked before the first is written. Each file changes at once, but nothing waits for the disk.
 */
export async function writeTree(dir: string, changes: ChangeSet): Promise<void> {
  const root = await realpath(dir);
  for (const { path } of changes) await confine(root, path);
  for (const { path, content } of changes) {
    const target = join(root, path);
    if (content === null) await remove(target);
    else {
      await mkdir(dirname(target), { recursive: true });
      await confine(root, path);
      await replaceFile(target, content, false);
    }
  }
}

/** Whether `path` is `root` or lies in it; both absolute, nothing is looked up. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path);
}

/**
 * Removes a folder with all that is in it, without following a link. Folders without write permission are opened
 * first. What is gone already is no error.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** `removeTree` for the last moment of a process; what cannot be removed stays. */
export function removeTreeNow(path: string): void {
  try {
    openFolders(path);
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The next start sweeps it.
  }
}

function openFolders(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return;
  if ((found.mode & constants.S_IRWXU) !== constants.S_IRWXU) chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
}

/** Refuses a path whose deepest existing folder is, after all links, not inside the root. */
async function confine(root: string, path: string): Promise<void> {
  const target = resolve(root, path);
  if (target === root || !isInside(root, target)) throw leadsOut(path);
  let folder = dirname(target);
  for (;;) {
    const real = await realpath(folder).catch((error: NodeJS.ErrnoException) => missing(error, folder, path));
    if (real !== null) {
      if (!isInside(root, real)) throw leadsOut(path);
      return;
    }
    folder = dirname(folder);
  }
}

/** `null` for a folder that is not there yet; a dangling link is there, and leads who knows where. */
async function missing(error: NodeJS.ErrnoException, folder: string, path: string): Promise<null> {
  if (error.code !== 'ENOENT') throw error;
  const link = await lstat(folder).catch(() => null);
  if (link?.isSymbolicLink()) throw leadsOut(path);
  return null;
}

function leadsOut(path: string): MaestroError {
  return new MaestroError(
    'bad_candidates',
    `${JSON.stringify(path)} leads out of the workspace`,
    'Name files by their path inside the workspace, and not through links.',
  );
}

async function remove(target: string): Promise<void> {
  await unlink(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function asDiskFull(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new MaestroError('disk_full', `no space left to write ${path}`, 'Free some space and run it again.', {
    cause: error,
  });
}
