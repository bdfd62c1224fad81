import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isInside } from '../platform/files.ts';

const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/**
 * Text of a report file that a command left in `folder`, or `null`. The command is not trusted: a link, a pipe, or what
 * is not in the folder is not read, and of a huge file only its beginning.
 */
export async function readReport(folder: string, name: string): Promise<string | null> {
  const path = resolve(folder, name);
  if (!isInside(folder, path) || path === join(folder)) return null;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (!file) return null;
  try {
    const found = await file.stat();
    if (!found.isFile()) return null;
    const buffer = Buffer.alloc(Math.min(found.size, MAX_REPORT_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
