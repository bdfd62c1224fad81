import type { Vocabulary } from './vocabulary.ts';

const MOST_COUNTED = 65_535;
/** Enough for most segments, so that the code which counts is compiled for these arrays once; unused pages cost nothing. */
const FIRST_POSTINGS = 1 << 20;

/** Which terms each chunk has and how often, in the order they came; a chunk's are together. */
export class Postings {
  #terms: Uint32Array;
  #counts: Uint16Array;
  #size = 0;
  /** The last posting of each term. */
  #last = new Int32Array(1 << 17).fill(-1);
  /** Where each chunk's postings begin. */
  readonly #begins: number[] = [];
  #begin = 0;

  /** `first`: how many postings there is room for before the tables grow. */
  constructor(first: number = FIRST_POSTINGS) {
    this.#terms = new Uint32Array(first);
    this.#counts = new Uint16Array(first);
  }

  /** What is counted from now on is of the next chunk. */
  nextChunk(): void {
    this.#begin = this.#size;
    this.#begins.push(this.#size);
  }

  /** Counts every term of a word that `vocabulary` has. */
  countWord(vocabulary: Vocabulary, word: number): void {
    const { lists } = vocabulary;
    for (let i = vocabulary.from(word), to = vocabulary.to(word); i < to; i++) this.#count(lists[i]!);
  }

  #count(term: number): void {
    if (term >= this.#last.length) this.#last = lengthened(this.#last, term);
    const at = this.#last[term]!;
    if (at >= this.#begin) {
      if (this.#counts[at]! < MOST_COUNTED) this.#counts[at]!++;
      return;
    }
    if (this.#size === this.#terms.length) this.#grow();
    this.#last[term] = this.#size;
    this.#terms[this.#size] = term;
    this.#counts[this.#size++] = 1;
  }

  /** The term and the count of each posting, and where each chunk's begin, with the end of the last. */
  all(): { readonly terms: Uint32Array; readonly counts: Uint16Array; readonly begins: Uint32Array } {
    return {
      terms: this.#terms.subarray(0, this.#size),
      counts: this.#counts.subarray(0, this.#size),
      begins: Uint32Array.from([...this.#begins, this.#size]),
    };
  }

  #grow(): void {
    const terms = new Uint32Array(this.#size * 2);
    terms.set(this.#terms);
    this.#terms = terms;
    const counts = new Uint16Array(this.#size * 2);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

function lengthened(old: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(Math.max(old.length * 2, needed + 1)).fill(-1, old.length);
  fresh.set(old);
  return fresh;
}
