import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { makeFolder } from '../../platform/make-folder.ts';
import { Codes } from '../index/codes.ts';
import { pieceEnd } from './o200k-pieces.ts';

const SLOTS = 1 << 19;
const MOST_TOKENS = 200_100;
const NEW_LINE = 10;
const SPACE = 32;
const NONE = 0x7fffffff;
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const SECOND_FACTOR = 0x5bd1e995;
const CHECK_BYTES = 4;
const LONGEST_REMEMBERED = 24;
const MOST_REMEMBERED = 50_000;

/**
 * Counts the tokens of a text in the o200k encoding: byte pair encoding (Sennrich et al., 2016) over the pieces of its
 * pattern. The vocabulary is read from its data file into tables of numbers; with a `cache` folder these are kept there,
 * as they are read ten times as fast, and made again when they are not whole.
 */
export function createCounter(cache?: string): (text: string) => number {
  const ranks = openRanks(createRequire(import.meta.url).resolve('gpt-tokenizer/data/o200k_base.tiktoken'), cache);
  const known = new Map<string, number>();
  const codes = new Codes();
  const lengthOf = (piece: string): number => {
    let length = known.get(piece);
    if (length === undefined) {
      const bytes = Buffer.from(piece, 'utf8');
      length = ranks.of(bytes, 0, bytes.length) === NONE ? mergedLength(bytes, ranks) : 1;
      if (piece.length <= LONGEST_REMEMBERED && known.size < MOST_REMEMBERED) known.set(piece, length);
    }
    return length;
  };
  return (text) => {
    codes.take(text);
    const { units } = codes;
    let tokens = 0;
    for (let at = 0; at < text.length; ) {
      const end = pieceEnd(units, at, text.length);
      // Of ASCII the units are the bytes.
      if (end >= 0 && ranks.of(units, at, end) !== NONE) tokens++;
      else {
        PIECE.lastIndex = at;
        tokens += lengthOf(end < 0 ? PIECE.exec(text)![0] : text.slice(at, end));
      }
      at = end < 0 ? PIECE.lastIndex : end;
    }
    return tokens;
  };
}

/** The encoding's own pattern, at one place. */
const PIECE = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, 'yu');

function openRanks(vocabulary: string, cache: string | undefined): Ranks {
  const path = cache && join(cache, `o200k-${statSync(vocabulary).size}.tables`);
  const kept = path && Ranks.read(path);
  if (kept) return kept;
  const ranks = readRanks(readFileSync(vocabulary));
  if (path) ranks.write(path);
  return ranks;
}

/** Ranks of byte sequences, looked up by two hashes that together tell all tokens apart. */
class Ranks {
  readonly #all = new Int32Array(SLOTS + 2 * MOST_TOKENS);
  readonly #slots = this.#all.subarray(0, SLOTS).fill(-1);
  readonly #first = this.#all.subarray(SLOTS, SLOTS + MOST_TOKENS);
  readonly #second = this.#all.subarray(SLOTS + MOST_TOKENS);

  /** The tables kept in a file; `null` when it is not there or not whole. */
  static read(path: string): Ranks | null {
    try {
      const file = readFileSync(path);
      const ranks = new Ranks();
      const tables = new Uint8Array(ranks.#all.buffer);
      if (file.length !== tables.length + CHECK_BYTES || crc32(file.subarray(CHECK_BYTES)) !== file.readUInt32LE(0))
        return null;
      tables.set(file.subarray(CHECK_BYTES));
      return ranks;
    } catch {
      return null;
    }
  }

  /** Keeps the tables in a file; where that cannot be, they are made again next time. */
  write(path: string): void {
    const tables = new Uint8Array(this.#all.buffer);
    const check = Buffer.alloc(CHECK_BYTES);
    check.writeUInt32LE(crc32(tables));
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      makeFolder(dirname(path));
    } catch {
      return;
    }
    try {
      writeFileSync(temporary, Buffer.concat([check, tables]));
      renameSync(temporary, path);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  add(bytes: Uint8Array, length: number, rank: number): void {
    hash(bytes, 0, length);
    let slot = (first ^ (first >>> 13)) & (SLOTS - 1);
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & (SLOTS - 1);
    this.#slots[slot] = rank;
    this.#first[rank] = first;
    this.#second[rank] = second;
  }

  /** The rank of the bytes from `from` to `to`, or NONE. */
  of(bytes: Uint8Array | Uint16Array, from: number, to: number): number {
    hash(bytes, from, to);
    let slot = (first ^ (first >>> 13)) & (SLOTS - 1);
    for (let rank = this.#slots[slot]!; rank >= 0; rank = this.#slots[slot]!) {
      if (this.#first[rank] === first && this.#second[rank] === second) return rank;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return NONE;
  }
}

/** The two hashes of the bytes that were hashed last. */
let first = 0;
let second = 0;

function hash(bytes: Uint8Array | Uint16Array, from: number, to: number): void {
  let one = SEED;
  let two = to - from;
  for (let i = from; i < to; i++) {
    one = Math.imul(one ^ bytes[i]!, PRIME);
    two = (Math.imul(two, SECOND_FACTOR) + bytes[i]!) | 0;
  }
  first = one;
  second = two;
}

/** Reads lines of `base64 rank`. */
function readRanks(file: Uint8Array): Ranks {
  const ranks = new Ranks();
  const bytes = new Uint8Array(256);
  for (let at = 0; at < file.length; ) {
    let length = 0;
    let bits = 0;
    let held = 0;
    for (; file[at] !== SPACE; at++) {
      const value = BASE64[file[at]!]!;
      if (value === 255) continue;
      bits = (bits << 6) | value;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      bytes[length++] = (bits >> held) & 255;
    }
    let rank = 0;
    for (at++; at < file.length && file[at] !== NEW_LINE; at++) if (file[at]! >= 48) rank = rank * 10 + file[at]! - 48;
    at++;
    ranks.add(bytes, length, rank);
  }
  return ranks;
}

const BASE64 = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/** How many tokens remain when the pair of lowest rank is merged again and again. */
function mergedLength(bytes: Uint8Array, ranks: Ranks): number {
  let count = bytes.length;
  const starts = Int32Array.from({ length: count + 1 }, (_, i) => i);
  const pairs = new Int32Array(count).fill(NONE);
  const pairAt = (i: number): number => (i + 2 <= count ? ranks.of(bytes, starts[i]!, starts[i + 2]!) : NONE);
  for (let i = 0; i + 1 < count; i++) pairs[i] = pairAt(i);
  for (;;) {
    let best = NONE;
    let at = -1;
    for (let i = 0; i + 1 < count; i++) {
      if (pairs[i]! >= best) continue;
      best = pairs[i]!;
      at = i;
    }
    if (at < 0) return count;
    starts.copyWithin(at + 1, at + 2, count + 1);
    pairs.copyWithin(at + 1, at + 2, count);
    count--;
    pairs[at] = pairAt(at);
    if (at > 0) pairs[at - 1] = pairAt(at - 1);
  }
}
