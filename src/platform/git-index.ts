import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What comes before the name in an entry (git's index-format, version 2 and 3, SHA-1), its last two bytes the flags. */
const HEADER_BYTES = 62;
const FIRST_ENTRY = 12;
const ALIGNED_TO = 8;
const MODE_AT = 24;
const REGULAR_FILE = 0o10;
const EXTENDED = 0x4000;
const NAME_LENGTH = 0x0fff;

/**
 * Those of the paths that git certainly tracks as regular files in the working tree at `root`, told from its index without starting
 * git. What is not among them may be tracked all the same: an index of another form, a link to a repository elsewhere.
 */
export async function trackedIn(root: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const index = await readFile(join(root, '.git', 'index')).catch(() => null);
  return new Set(index && isKnown(index) ? paths.filter((path) => holds(index, path)) : []);
}

function isKnown(index: Buffer): boolean {
  return (
    index.length > FIRST_ENTRY && index.toString('latin1', 0, 4) === 'DIRC' && [2, 3].includes(index.readUInt32BE(4))
  );
}

function holds(index: Buffer, path: string): boolean {
  const name = Buffer.from(`${path}\0`);
  for (let at = index.indexOf(name); at >= 0; at = index.indexOf(name, at + 1))
    if (isNameOfFile(index, at, name.length - 1)) return true;
  return false;
}

/** Whether what stands before a place makes it the name of an entry: where it begins, its kind, and how long it says its name is. */
function isNameOfFile(index: Buffer, at: number, length: number): boolean {
  return [0, 2].some((more) => {
    const start = at - HEADER_BYTES - more;
    if (start < FIRST_ENTRY || (start - FIRST_ENTRY) % ALIGNED_TO !== 0) return false;
    const flags = index.readUInt16BE(start + HEADER_BYTES - 2);
    return (
      (flags & EXTENDED) === (more > 0 ? EXTENDED : 0) &&
      (flags & NAME_LENGTH) === Math.min(length, NAME_LENGTH) &&
      index.readUInt32BE(start + MODE_AT) >>> 12 === REGULAR_FILE
    );
  });
}
