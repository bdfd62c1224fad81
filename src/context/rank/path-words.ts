import { LONGEST_PART, partEnd, stemHashAt } from '../index/word-terms.ts';
import { hashTerm, partsOf, stem } from '../question/terms.ts';

/** How much a word of a folder's name counts against one of the file's own. */
const FOLDER_SHARE = 0.4;

/**
 * The words of paths, numbered: what every question looks through, made once. As in the index, words are told apart by
 * their hash alone.
 */
export class PathWords {
  /** By hash, as a signed number. */
  readonly #numbers = new Map<number, number>();
  /** The units of a name. */
  readonly #units = new Uint16Array(LONGEST_PART);
  /** Numbers of each path's words, one path after the other, in the order of the path, each word once. */
  readonly words: Uint32Array;
  /** How much each of these counts: 1, or less for the name of a folder. */
  readonly shares: Float64Array;
  /** Where each path's words begin, with the end of the last. */
  readonly begins: Uint32Array;
  /** How many parts the name of each file has. */
  readonly lengths: Uint16Array;

  constructor(paths: readonly string[]) {
    const words: number[] = [];
    const shares: number[] = [];
    const own: number[] = [];
    const aroundIn = this.#foldersWords();
    this.begins = new Uint32Array(paths.length + 1);
    this.lengths = new Uint16Array(paths.length);
    for (let file = 0; file < paths.length; file++) {
      const path = paths[file]!;
      const slash = path.lastIndexOf('/');
      own.length = 0;
      this.#addWords(path, slash + 1, path.length, own);
      const begin = words.length;
      for (const word of aroundIn(path, Math.max(0, slash))) {
        words.push(word);
        shares.push(own.includes(word) ? 1 : FOLDER_SHARE);
      }
      for (const word of own) {
        if (words.includes(word, begin)) continue;
        words.push(word);
        shares.push(1);
      }
      this.lengths[file] = own.length;
      this.begins[file + 1] = words.length;
    }
    this.words = new Uint32Array(words);
    this.shares = new Float64Array(shares);
  }

  /** How many different words there are. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a word, or undefined when no path has it. */
  numberOf(word: string): number | undefined {
    return this.#numbers.get(hashTerm(word) | 0);
  }

  /** Gives the words of the folder that a path up to `to` is, each once; neighbours often lie in the same. */
  #foldersWords(): (path: string, to: number) => readonly number[] {
    const known = new Map<string, readonly number[]>();
    let last = '';
    let around: readonly number[] = [];
    return (path, to) => {
      if (to === last.length && path.startsWith(last)) return around;
      last = path.slice(0, to);
      let found = known.get(last);
      if (!found) {
        const words: number[] = [];
        for (let at = 0; at < to; ) {
          const end = path.indexOf('/', at);
          this.#addWords(path, at, end, words);
          at = end + 1;
        }
        found = [...new Set(words)];
        known.set(last, found);
      }
      around = found;
      return around;
    };
  }

  /** Adds the numbers of the words in a name, in its order; of a word that is there twice, twice. */
  #addWords(path: string, from: number, to: number, into: number[]): void {
    const units = this.#units;
    const length = to - from;
    let all = 0;
    for (let i = 0; i < length; i++) all |= units[i] = path.charCodeAt(from + i);
    if (all >= 128 || length > LONGEST_PART) {
      for (const part of partsOf(path.slice(from, to))) into.push(this.#take(hashTerm(stem(part))));
      return;
    }
    for (let at = 0; at < length; ) {
      const end = partEnd(units, at, length);
      if (end > at) into.push(this.#take(stemHashAt(units, at, end)));
      at = Math.max(end, at + 1);
    }
  }

  #take(hash: number): number {
    let number = this.#numbers.get(hash | 0);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(hash | 0, number);
    }
    return number;
  }
}
