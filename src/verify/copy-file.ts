import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  chmodSync,
  constants,
  createReadStream,
  lstatSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, lstat, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isInside } from '../platform/files.ts';

/** What is known of a file of the tree, without its content. */
export interface FileRecord {
  /** `file`, `executable` or `link`. */
  readonly kind: string;
  /** Of the content, or of a link's target. */
  readonly hash: string;
  /** Equal for two looks at a file between which nothing was written: size, both times and the inode. */
  readonly stamp: string;
}

/** Up to this size a file is read once and written, instead of copied and read; and at once, which costs a fifth of waiting for it. */
const READ_WHOLE_BYTES = 1024 * 1024;

/** Why a path of the tree is not copied, in words. */
export type LeftOut = { readonly leftOut: string };

/**
 * Copies one file or link byte for byte, mode and modification time kept, as a clone where the file system can. A link
 * that leads out of the tree is left out; one to an absolute path inside becomes relative.
 */
export async function copyInto(root: string, path: string, to: string): Promise<FileRecord | LeftOut> {
  const from = join(root, path);
  const found = lstatSync(from, { bigint: true });
  if (found.isSymbolicLink()) return copyLink(root, path, to, found);
  const mode = Number(found.mode & 0o777n);
  let hash: string;
  if (found.size <= READ_WHOLE_BYTES) {
    const content = readFileSync(from);
    hash = createHash('sha256').update(content).digest('hex');
    writeFileSync(to, content, { mode: 0o600 });
  } else {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    hash = await hashOf(to);
  }
  chmodSync(to, mode);
  utimesSync(to, Number(found.atimeMs) / 1000, Number(found.mtimeNs) / 1e9);
  return { kind: kindOf(found), hash, stamp: stampOf(found) };
}

/** The record of a file or link as it is now; `null` when it is gone or something else. */
export async function recordOf(root: string, path: string, known?: FileRecord): Promise<FileRecord | null> {
  try {
    const from = join(root, path);
    const found = await lstat(from, { bigint: true });
    const stamp = stampOf(found);
    if (known?.stamp === stamp) return known;
    if (found.isSymbolicLink())
      return { kind: 'link', hash: textHash(linkTarget(root, path, await readlink(from)) ?? ''), stamp };
    return found.isFile() ? { kind: kindOf(found), hash: await hashOf(from), stamp } : null;
  } catch {
    return null;
  }
}

async function copyLink(root: string, path: string, to: string, found: BigIntStats): Promise<FileRecord | LeftOut> {
  const target = linkTarget(root, path, await readlink(join(root, path)));
  const real = await realpath(join(root, path)).catch(() => root);
  if (target === null || !isInside(root, real)) return { leftOut: 'a link that leads out of the tree' };
  await symlink(target, to);
  return { kind: 'link', hash: textHash(target), stamp: stampOf(found) };
}

/** Where a link points, relative to its folder; `null` when that is outside. */
function linkTarget(root: string, path: string, target: string): string | null {
  const folder = dirname(join(root, path));
  const absolute = normalize(resolve(folder, target));
  if (!isInside(root, absolute)) return null;
  return isAbsolute(target) ? relative(folder, absolute) || '.' : target;
}

/** Size, times and inode as one text; the change time can't be set by a program, so no write goes unseen. */
export function stampOf(found: BigIntStats): string {
  return `${found.size}:${found.mtimeNs}:${found.ctimeNs}:${found.ino}:${found.mode}`;
}

function kindOf(found: BigIntStats): string {
  return found.mode & 0o100n ? 'executable' : 'file';
}

function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
