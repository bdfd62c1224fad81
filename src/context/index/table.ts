import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { atomicWrite } from '../../platform/files.ts';
import { BrokenIndex } from './segment-reader.ts';

/** What a file holds: numbers, texts without a zero in them, and a few facts that JSON can hold. */
export interface Table {
  readonly facts: unknown;
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
}

/** u32 fields, little endian: kind, crc32 of all that follows, count of numbers, bytes of facts, count of texts, 0. */
const CHECKED_FROM = 8;
const HEADER_BYTES = 24;

/** Reads a file of one kind; `null` when there is none. Throws BrokenIndex when it is of another kind or not whole. */
export function readTable(path: string, kind: number): Table | null {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new BrokenIndex(path);
  }
  const isOurs = file.length >= HEADER_BYTES && file.readUInt32LE(0) === kind;
  if (!isOurs || crc32(file.subarray(CHECKED_FROM)) !== file.readUInt32LE(4)) throw new BrokenIndex(path);
  const [count, factBytes, textCount] = [8, 12, 16].map((at) => file.readUInt32LE(at)) as [number, number, number];
  const factsAt = HEADER_BYTES + count * 8;
  const textsAt = factsAt + factBytes;
  const numbers = new Float64Array(count);
  new Uint8Array(numbers.buffer).set(file.subarray(HEADER_BYTES, factsAt));
  const texts = textCount === 0 ? [] : file.toString('utf8', textsAt).split('\0');
  return { facts: JSON.parse(file.toString('utf8', factsAt, textsAt)) as unknown, numbers, texts };
}

/** Puts a file in place in one step. */
export async function writeTable(path: string, kind: number, { facts, numbers, texts }: Table): Promise<void> {
  const factBytes = Buffer.from(JSON.stringify(facts), 'utf8');
  const header = Buffer.alloc(HEADER_BYTES);
  [kind, 0, numbers.length, factBytes.length, texts.length].forEach((value, i) => {
    header.writeUInt32LE(value, i * 4);
  });
  const file = Buffer.concat([
    header,
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    factBytes,
    Buffer.from(texts.join('\0'), 'utf8'),
  ]);
  file.writeUInt32LE(crc32(file.subarray(CHECKED_FROM)), 4);
  await atomicWrite(path, file);
}
