import { hashTerm, termsOf } from '../question/terms.ts';

const FIRST_SLOTS = 1 << 16;

/**
 * Numbers words and their terms. Words are looked up by two hashes in a table of numbers, so that a word that was seen
 * before costs no string; of two words that agree in all 64 bits the second would pass for the first.
 */
export class Vocabulary {
  /** The hash of every term, by its number. */
  readonly hashes: number[] = [];
  #termSlots = new Int32Array(FIRST_SLOTS).fill(-1);
  readonly #terms: (readonly number[])[] = [];
  #slots = new Int32Array(FIRST_SLOTS).fill(-1);
  #hash = new Int32Array(FIRST_SLOTS / 2);
  #second = new Int32Array(FIRST_SLOTS / 2);

  /** How many words are known. */
  get words(): number {
    return this.#terms.length;
  }

  /** Numbers of the terms of the word at `start` to `end` of a text. */
  termsAt(text: string, start: number, end: number, hash: number, second: number): readonly number[] {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let word = this.#slots[slot]!; word >= 0; word = this.#slots[slot]!) {
      if (this.#hash[word] === hash && this.#second[word] === second) return this.#terms[word]!;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, text.slice(start, end), hash, second);
  }

  /** The number of one term: terms are told apart by their hash, here as in the index. */
  ofTerm(term: string): number {
    const hash = hashTerm(term);
    const mask = this.#termSlots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let id = this.#termSlots[slot]!; id >= 0; id = this.#termSlots[slot]!) {
      if (this.hashes[id] === hash) return id;
      slot = (slot + 1) & mask;
    }
    this.#termSlots[slot] = this.hashes.length;
    this.hashes.push(hash);
    if (this.hashes.length * 2 > this.#termSlots.length) this.#growTerms();
    return this.hashes.length - 1;
  }

  #growTerms(): void {
    const slots = new Int32Array(this.#termSlots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (const [id, hash] of this.hashes.entries()) {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#termSlots = slots;
  }

  #add(slot: number, word: string, hash: number, second: number): readonly number[] {
    const number = this.#terms.length;
    if (number === this.#hash.length) return this.#grow(word, hash, second);
    this.#slots[slot] = number;
    this.#hash[number] = hash;
    this.#second[number] = second;
    const terms = termsOf(word).map((term) => this.ofTerm(term));
    this.#terms.push(terms);
    return terms;
  }

  #grow(word: string, hash: number, second: number): readonly number[] {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#terms.length; number++) {
      const own = this.#hash[number]!;
      let slot = (own ^ (own >>> 15)) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
    this.#hash = doubled(this.#hash);
    this.#second = doubled(this.#second);
    return this.termsAt(word, 0, word.length, hash, second);
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(array.length * 2);
  fresh.set(array);
  return fresh;
}
