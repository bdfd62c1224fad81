import { open, stat } from 'node:fs/promises';

/** What the first 100 bytes of a state file say (SQLite's file format, § 1.3), and whether its size agrees. */
export interface Header {
  readonly kind: 'empty' | 'sqlite' | 'foreign';
  readonly userVersion: number;
  /** The file is shorter than its header says, and no write-ahead log explains it: worth a closer look. */
  readonly tooShort: boolean;
  /** An empty file beside a log with content: SQLite would throw the log away. */
  readonly orphanedLog: boolean;
}

const LENGTH = 100;
const MAGIC = 'SQLite format 3\0';

/** Reads the header without opening the database; `null` when there is no file. Rejects with Node's error otherwise. */
export async function readHeader(file: string): Promise<Header | null> {
  const bytes = await firstBytes(file);
  if (bytes === null) return null;
  const logSize = await sizeOf(`${file}-wal`);
  const size = await sizeOf(file);
  if (bytes.length === 0) return { kind: 'empty', userVersion: 0, tooShort: false, orphanedLog: logSize > 0 };
  if (bytes.length < LENGTH || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return { kind: 'foreign', userVersion: 0, tooShort: false, orphanedLog: false };
  return {
    kind: 'sqlite',
    userVersion: bytes.readUInt32BE(60),
    tooShort: logSize === 0 && size < expectedSize(bytes),
    orphanedLog: false,
  };
}

/** Pages times page size; 0 when the header does not know (written by a very old SQLite). */
function expectedSize(bytes: Buffer): number {
  const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  return bytes.readUInt32BE(24) === bytes.readUInt32BE(92) ? bytes.readUInt32BE(28) * pageSize : 0;
}

async function firstBytes(file: string): Promise<Buffer | null> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LENGTH), 0, LENGTH, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
