const SLOTS = 1 << 19;
const MOST_TOKENS = 200_100;
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const SECOND_FACTOR = 0x5bd1e995;

/** The rank of what is no token: above all ranks. */
export const NONE = 0x7fffffff;

/** Tables of numbers without a token in them. */
export function blankTables(): Int32Array {
  return new Int32Array(SLOTS + 2 * MOST_TOKENS).fill(-1, 0, SLOTS);
}

/** Ranks of byte sequences, looked up by two hashes that together tell all tokens apart. */
export class Ranks {
  readonly #slots: Int32Array;
  readonly #first: Int32Array;
  readonly #second: Int32Array;

  /** On tables that were filled before, or on `blankTables()` that are to be filled. */
  constructor(tables: Int32Array) {
    this.#slots = tables.subarray(0, SLOTS);
    this.#first = tables.subarray(SLOTS, SLOTS + MOST_TOKENS);
    this.#second = tables.subarray(SLOTS + MOST_TOKENS);
  }

  /** Adds the first `length` bytes. */
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
