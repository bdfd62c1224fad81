import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { FORMAT, HASH_BYTES, HEADER_BYTES, MAGIC } from './segment-format.ts';

/** The index on disk is not what was written: it is to be built again. */
export class BrokenIndex extends Error {}

/** One immutable part of the index: tables in memory, postings read when asked for. */
export interface Segment {
  readonly path: string;
  readonly docs: number;
  /** Content hashes, 20 bytes a doc. */
  readonly hashes: Buffer;
  readonly firstChunk: Uint32Array;
  readonly lines: Uint32Array;
  readonly chunkStarts: Uint32Array;
  readonly chunkWords: Uint32Array;
  /** Calls back with every chunk that has the term, ascending, and how often. */
  postings(termHash: number, each: (chunk: number, count: number) => void): void;
  close(): void;
}

/** Opens a segment; throws BrokenIndex for anything that is not whole. */
export function openSegment(path: string): Segment {
  const fd = openSync(path, 'r');
  try {
    return readTables(path, fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function readTables(path: string, fd: number): Segment {
  const header = u32(readAt(fd, 0, HEADER_BYTES));
  const [magic, format, docs, chunks, terms, postingBytes, crc] = header as unknown as number[];
  const tableBytes = docs! * (HASH_BYTES + 8) + chunks! * 8 + (terms! * 2 + 1) * 4;
  const size = fstatSync(fd).size;
  if (magic !== MAGIC || format !== FORMAT || size !== HEADER_BYTES + tableBytes + postingBytes!)
    throw new BrokenIndex(path);
  const tables = readAt(fd, HEADER_BYTES, tableBytes);
  if (crc32(tables) !== crc) throw new BrokenIndex(path);
  let at = docs! * HASH_BYTES;
  const table = (length: number): Uint32Array => {
    const part = u32(tables.subarray(at, at + length * 4));
    at += length * 4;
    return part;
  };
  const firstChunk = table(docs!);
  const lines = table(docs!);
  const chunkStarts = table(chunks!);
  const chunkWords = table(chunks!);
  const hashes = table(terms!);
  const offsets = table(terms! + 1);
  const postingsAt = HEADER_BYTES + tableBytes;
  return {
    path,
    docs: docs!,
    hashes: tables.subarray(0, docs! * HASH_BYTES),
    firstChunk,
    lines,
    chunkStarts,
    chunkWords,
    postings(termHash, each) {
      const rank = find(hashes, termHash);
      if (rank < 0) return;
      const from = offsets[rank]!;
      decode(readAt(fd, postingsAt + from, offsets[rank + 1]! - from), chunks!, path, each);
    },
    close: () => closeSync(fd),
  };
}

function decode(bytes: Buffer, chunks: number, path: string, each: (chunk: number, count: number) => void): void {
  let at = 0;
  let chunk = 0;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length) throw new BrokenIndex(path);
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const value = take();
    chunk += Math.floor(value / 8);
    if (chunk >= chunks) throw new BrokenIndex(path);
    each(chunk, (value & 7) === 7 ? take() + 7 : value & 7);
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  if (readSync(fd, buffer, 0, length, position) !== length) throw new BrokenIndex('short read');
  return buffer;
}

/** A copy, so that the numbers are aligned whatever the offset. */
function u32(part: Buffer): Uint32Array {
  const copy = new Uint8Array(part);
  return new Uint32Array(copy.buffer, 0, part.length / 4);
}

function find(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle]!;
    if (at === value) return middle;
    if (at < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
