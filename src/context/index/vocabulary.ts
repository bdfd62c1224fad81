const FIRST_WORDS = 1 << 17;
/** Numbers a word takes in the table: two hashes, where its terms begin, one more than how many there are (0: free). */
const CELL = 4;

/**
 * Numbers terms and remembers which of them a word has. Words are looked up by two hashes in one table of numbers, so
 * that a word that was seen before costs no string; of two words that agree in all 64 bits the second would pass for
 * the first.
 */
export class Vocabulary {
  #cells = new Int32Array(2 * FIRST_WORDS * CELL);
  #lists = new Int32Array(2 * FIRST_WORDS);
  #listed = 0;
  #words = 0;
  #hashes = new Uint32Array(FIRST_WORDS);
  #terms = 0;
  #slots = new Int32Array(2 * FIRST_WORDS);

  /** How many words are known. */
  get words(): number {
    return this.#words;
  }

  /** How many terms are numbered. */
  get terms(): number {
    return this.#terms;
  }

  /** The hash of every term, by its number; good until the next term is numbered. */
  get hashes(): Uint32Array {
    return this.#hashes.subarray(0, this.#terms);
  }

  /** The terms of known words, one list after the other; good until the next word is added. */
  get lists(): Int32Array {
    return this.#lists;
  }

  /** A handle for the word of these two hashes, or -1 when it is not known; good until the next word is added. */
  find(hash: number, second: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    for (let at = ((hash ^ (hash >>> 15)) << 2) & mask; cells[at + 3] !== 0; at = (at + CELL) & mask)
      if (cells[at] === hash && cells[at + 1] === second) return at;
    return -1;
  }

  /** Where the list of a word that `find` found begins in `lists`. */
  from(handle: number): number {
    return this.#cells[handle + 2]!;
  }

  /** Where it ends. */
  to(handle: number): number {
    return this.#cells[handle + 2]! + this.#cells[handle + 3]! - 1;
  }

  /** Adds a word that is not known with the hashes of its terms; returns its handle. */
  add(hash: number, second: number, termHashes: readonly number[]): number {
    if (++this.#words * 2 * CELL > this.#cells.length) this.#growCells();
    const from = this.#listed;
    if (from + termHashes.length > this.#lists.length)
      this.#lists = doubled(this.#lists, new Int32Array(2 * this.#lists.length));
    for (const term of termHashes) this.#lists[this.#listed++] = this.#numberOf(term);
    return insert(this.#cells, hash, second, from, termHashes.length + 1);
  }

  /** The number of the term of this hash, or -1: terms are told apart by their hash, here as in the index. */
  termOf(hash: number): number {
    return this.#slots[this.#slotOf(hash)]! - 1;
  }

  #numberOf(hash: number): number {
    const slot = this.#slotOf(hash);
    const known = this.#slots[slot]!;
    if (known > 0) return known - 1;
    if (this.#terms === this.#hashes.length) this.#hashes = doubled(this.#hashes, new Uint32Array(2 * this.#terms));
    this.#hashes[this.#terms++] = hash;
    this.#slots[slot] = this.#terms;
    if (this.#terms * 2 > this.#slots.length) this.#growSlots();
    return this.#terms - 1;
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let term = this.#slots[slot]!; term > 0; term = this.#slots[slot]!) {
      if (this.#hashes[term - 1] === hash) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let term = 0; term < this.#terms; term++) this.#slots[this.#slotOf(this.#hashes[term]!)] = term + 1;
  }

  #growCells(): void {
    const old = this.#cells;
    const fresh = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += CELL)
      if (old[at + 3] !== 0) insert(fresh, old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
    this.#cells = fresh;
  }
}

function insert(cells: Int32Array, hash: number, second: number, from: number, size: number): number {
  const mask = cells.length - 1;
  let at = ((hash ^ (hash >>> 15)) << 2) & mask;
  while (cells[at + 3] !== 0) at = (at + CELL) & mask;
  cells[at] = hash;
  cells[at + 1] = second;
  cells[at + 2] = from;
  cells[at + 3] = size;
  return at;
}

function doubled<T extends Int32Array | Uint32Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
