import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export const LARGEST_FILE = 1024 * 1024;
const SNIFFED_BYTES = 8_000;
const LINE_OF_A_MACHINE = 300;

/** Why a file's text is not used. */
export type Unusable = 'binary' | 'too large' | 'minified' | 'unreadable';

/**
 * The bytes of a regular file, never through a link at its last step, at most `limit` of them; or why there are none.
 */
export function readBytes(path: string, limit: number = LARGEST_FILE): Buffer | Unusable {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return 'unreadable';
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) return 'unreadable';
    if (found.size > limit) return 'too large';
    const buffer = Buffer.allocUnsafe(found.size);
    const length = readSync(fd, buffer, 0, found.size, 0);
    return buffer.subarray(0, length);
  } catch {
    return 'unreadable';
  } finally {
    closeSync(fd);
  }
}

/** Text of bytes (invalid UTF-8 replaced), or why it is none a person wrote. */
export function textOf(bytes: Buffer): string | Unusable {
  if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return 'binary';
  const text = bytes.toString('utf8');
  return isMinified(text) ? 'minified' : text;
}

/** Whether lines are as long as only a machine writes them. */
function isMinified(text: string): boolean {
  if (text.length < 4_000) return false;
  const enough = text.length / LINE_OF_A_MACHINE;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines < enough; at = text.indexOf('\n', at + 1)) lines++;
  return lines < enough;
}
