import { crc32 } from 'node:zlib';

/** What a segment is written from: postings in the order they came, those of one chunk together. */
export interface SegmentParts {
  /** The hash of every term by its number, and the number by the hash. */
  readonly hashes: Uint32Array;
  readonly termOf: (hash: number) => number;
  /** Term and count of each posting, and where each chunk's begin, with the end of the last. */
  readonly terms: Uint32Array;
  readonly counts: Uint16Array;
  readonly begins: Uint32Array;
  readonly chunkStarts: readonly number[];
  readonly chunkWords: readonly number[];
  readonly docs: ReadonlyArray<{ readonly hash: string; readonly firstChunk: number; readonly lines: number }>;
}

export const MAGIC = 0x314b5043;
export const FORMAT = 3;
/** u32 fields: magic, format, docs, chunks, terms, bytes of postings, crc32 of everything between header and postings, 0. */
export const HEADER_BYTES = 32;
export const HASH_BYTES = 20;
const COUNT_BITS = 3;
const LONG_COUNT = 7;
/** A chunk in at most five bytes, a count in at most three. */
const LONGEST_POSTING = 8;

/**
 * Layout, little endian: header · content hash of each doc (20 bytes) · first chunk of each doc, lines of each doc ·
 * first line of each chunk, words of each chunk · hashes of the terms, ascending · where each term's postings begin ·
 * postings: for each chunk `delta << 3 | min(count, 7)` and, from 7 on, `count - 7`, as varints.
 */
export function encodeSegment(parts: SegmentParts): Buffer {
  const { docs, chunkStarts, chunkWords } = parts;
  const bounds = boundsOf(parts);
  const hashes = hashesWithPostings(parts, bounds);
  const tableBytes = docs.length * (HASH_BYTES + 8) + chunkStarts.length * 8 + (hashes.length * 2 + 1) * 4;
  const out = Buffer.allocUnsafe(HEADER_BYTES + tableBytes + parts.terms.length * LONGEST_POSTING);
  let at = HEADER_BYTES;
  for (const { hash } of docs) at += out.write(hash, at, 'hex');
  const put = (table: Uint32Array): void => {
    at += bytes(table).copy(out, at);
  };
  put(Uint32Array.from(docs, ({ firstChunk }) => firstChunk));
  put(Uint32Array.from(docs, ({ lines }) => lines));
  put(Uint32Array.from(chunkStarts));
  put(Uint32Array.from(chunkWords));
  put(hashes);
  const offsets = new Uint32Array(hashes.length + 1);
  const postings = out.subarray(HEADER_BYTES + tableBytes);
  const length = writePostings(postings, offsets, hashes.map(parts.termOf), bounds, sortByTerm(parts, bounds));
  put(offsets);
  const crc = crc32(out.subarray(HEADER_BYTES, at));
  bytes(Uint32Array.of(MAGIC, FORMAT, docs.length, chunkStarts.length, hashes.length, length, crc, 0)).copy(out);
  return out.subarray(0, at + length);
}

function bytes(array: Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Where each term's postings begin when they are sorted by term. */
function boundsOf({ terms, hashes }: SegmentParts): Uint32Array {
  const bounds = new Uint32Array(hashes.length + 1);
  for (let i = 0; i < terms.length; i++) bounds[terms[i]! + 1]!++;
  for (let t = 0; t < hashes.length; t++) bounds[t + 1]! += bounds[t]!;
  return bounds;
}

function hashesWithPostings({ hashes }: SegmentParts, bounds: Uint32Array): Uint32Array {
  return hashes.filter((_, term) => bounds[term + 1]! > bounds[term]!).sort();
}

/** Postings by term as they are written, chunks ascending; counts only where the short form does not say them. */
interface Sorted {
  readonly values: Uint32Array;
  readonly counts: Uint16Array;
}

function sortByTerm({ terms, counts, begins }: SegmentParts, bounds: Uint32Array): Sorted {
  const next = bounds.slice();
  const sorted = { values: new Uint32Array(terms.length), counts: new Uint16Array(terms.length) };
  for (let chunk = 0; chunk + 1 < begins.length; chunk++) {
    for (let i = begins[chunk]!, end = begins[chunk + 1]!; i < end; i++) {
      const to = next[terms[i]!]!++;
      const count = counts[i]!;
      sorted.values[to] = (chunk << COUNT_BITS) | Math.min(count, LONG_COUNT);
      if (count >= LONG_COUNT) sorted.counts[to] = count;
    }
  }
  return sorted;
}

/** Writes the postings of each term in turn and where they begin; returns how many bytes they take. */
function writePostings(
  out: Buffer,
  offsets: Uint32Array,
  terms: Uint32Array,
  bounds: Uint32Array,
  { values, counts }: Sorted,
): number {
  let at = 0;
  for (let rank = 0; rank < terms.length; rank++) {
    const end = bounds[terms[rank]! + 1]!;
    offsets[rank] = at;
    let previous = 0;
    for (let i = bounds[terms[rank]!]!; i < end; i++) {
      const value = values[i]!;
      at = writeNumber(out, at, value - previous);
      if ((value & LONG_COUNT) === LONG_COUNT) at = writeNumber(out, at, counts[i]! - LONG_COUNT);
      previous = value & ~LONG_COUNT;
    }
  }
  offsets[terms.length] = at;
  return at;
}

function writeNumber(out: Buffer, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest > 127; rest >>>= 7) out[to++] = (rest & 127) | 128;
  out[to] = rest;
  return to + 1;
}
