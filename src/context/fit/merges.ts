import { NONE, type Ranks } from './ranks.ts';

/** A place in a piece takes so many bits of a key at most; ranks have 18, and a number holds 53. */
const PLACES = 2 ** 32;
const END = -1;

/**
 * How many tokens remain of a piece when the pair of lowest rank, of equal ones the first, is merged again and again. Pairs wait
 * in a heap, so that a piece of any length takes n log n steps, not their square.
 */
export function mergedLength(bytes: Uint8Array, ranks: Ranks): number {
  const size = bytes.length;
  const next = Int32Array.from({ length: size }, (_, i) => (i + 1 < size ? i + 1 : END));
  const before = Int32Array.from({ length: size }, (_, i) => i - 1);
  const waiting = new Int32Array(size).fill(NONE);
  const heap = new KeyHeap(size);
  const wait = (at: number): void => {
    const second = next[at]!;
    const rank = second === END ? NONE : ranks.of(bytes, at, next[second] === END ? size : next[second]!);
    waiting[at] = rank;
    if (rank !== NONE) heap.push(rank * PLACES + at);
  };
  for (let at = 0; at < size; at++) wait(at);
  let count = size;
  while (heap.size > 0) {
    const key = heap.pop();
    const at = key % PLACES;
    if (waiting[at] !== (key - at) / PLACES) continue;
    const gone = next[at]!;
    waiting[gone] = NONE;
    next[at] = next[gone]!;
    if (next[at] !== END) before[next[at]!] = at;
    count--;
    wait(at);
    if (before[at] !== END) wait(before[at]!);
  }
  return count;
}

/** Numbers of which the least is taken first. */
class KeyHeap {
  #keys: Float64Array;
  size = 0;

  constructor(room: number) {
    this.#keys = new Float64Array(room + 1);
  }

  push(key: number): void {
    if (this.size === this.#keys.length) {
      const keys = new Float64Array(2 * this.size);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    const keys = this.#keys;
    let at = this.size++;
    for (let above = (at - 1) >> 1; at > 0 && keys[above]! > key; above = (at - 1) >> 1) {
      keys[at] = keys[above]!;
      at = above;
    }
    keys[at] = key;
  }

  pop(): number {
    const keys = this.#keys;
    const least = keys[0]!;
    const last = keys[--this.size]!;
    let at = 0;
    for (let below = 1; below < this.size; below = 2 * at + 1) {
      if (below + 1 < this.size && keys[below + 1]! < keys[below]!) below++;
      if (keys[below]! >= last) break;
      keys[at] = keys[below]!;
      at = below;
    }
    keys[at] = last;
    return least;
  }
}
