import { crc32 } from 'node:zlib';

/** What a segment is written from: postings in the order they came, sorted by nothing. */
export interface SegmentParts {
  readonly hashes: readonly number[];
  readonly terms: Uint32Array;
  readonly chunks: Uint32Array;
  readonly counts: Uint16Array;
  readonly chunkStarts: readonly number[];
  readonly chunkWords: readonly number[];
  readonly docs: ReadonlyArray<{ readonly hash: string; readonly firstChunk: number; readonly lines: number }>;
}

export const MAGIC = 0x314b5043;
export const FORMAT = 2;
/** u32 fields: magic, format, docs, chunks, terms, bytes of postings, crc32 of everything between header and postings, 0. */
export const HEADER_BYTES = 32;
export const HASH_BYTES = 20;

/**
 * Layout, little endian: header · content hash of each doc (20 bytes) · first chunk of each doc, lines of each doc ·
 * first line of each chunk, words of each chunk · hashes of the terms, ascending · where each term's postings begin ·
 * postings: for each chunk `delta << 3 | min(count, 7)` and, from 7 on, `count - 7`, as varints.
 */
export function encodeSegment(parts: SegmentParts): Buffer {
  const { order, bounds } = sortByTerm(parts);
  const { postings, offsets, hashes } = encodePostings(parts, order, bounds);
  const docHashes = Buffer.concat(parts.docs.map(({ hash }) => Buffer.from(hash, 'hex')));
  const tables = Buffer.concat([
    docHashes,
    bytes(Uint32Array.from(parts.docs, ({ firstChunk }) => firstChunk)),
    bytes(Uint32Array.from(parts.docs, ({ lines }) => lines)),
    bytes(Uint32Array.from(parts.chunkStarts)),
    bytes(Uint32Array.from(parts.chunkWords)),
    bytes(hashes),
    bytes(offsets),
  ]);
  const header = Uint32Array.of(
    MAGIC,
    FORMAT,
    parts.docs.length,
    parts.chunkStarts.length,
    hashes.length,
    postings.length,
    crc32(tables),
    0,
  );
  return Buffer.concat([bytes(header), tables, postings]);
}

function bytes(array: Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** A counting sort of the postings by term: chunks stay ascending within a term. */
function sortByTerm({ terms, hashes }: SegmentParts): { order: Uint32Array; bounds: Uint32Array } {
  const bounds = new Uint32Array(hashes.length + 1);
  for (let i = 0; i < terms.length; i++) bounds[terms[i]! + 1]!++;
  for (let t = 0; t < hashes.length; t++) bounds[t + 1]! += bounds[t]!;
  const next = bounds.slice();
  const order = new Uint32Array(terms.length);
  for (let i = 0; i < terms.length; i++) order[next[terms[i]!]!++] = i;
  return { order, bounds };
}

function encodePostings(
  parts: SegmentParts,
  order: Uint32Array,
  bounds: Uint32Array,
): { postings: Buffer; offsets: Uint32Array; hashes: Uint32Array } {
  const byHash = Uint32Array.from(parts.hashes.keys().filter((term) => bounds[term + 1]! > bounds[term]!)).sort(
    (a, b) => parts.hashes[a]! - parts.hashes[b]!,
  );
  const out = Buffer.allocUnsafe(parts.terms.length * 8 + 16);
  const hashes = new Uint32Array(byHash.length);
  const offsets = new Uint32Array(byHash.length + 1);
  let at = 0;
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) out[at++] = (rest & 127) | 128;
    out[at++] = rest;
  };
  byHash.forEach((term, rank) => {
    hashes[rank] = parts.hashes[term]!;
    offsets[rank] = at;
    let previous = 0;
    for (let i = bounds[term]!; i < bounds[term + 1]!; i++) {
      const posting = order[i]!;
      const count = parts.counts[posting]!;
      put((parts.chunks[posting]! - previous) * 8 + Math.min(count, 7));
      if (count >= 7) put(count - 7);
      previous = parts.chunks[posting]!;
    }
  });
  offsets[byHash.length] = at;
  return { postings: out.subarray(0, at), offsets, hashes };
}
