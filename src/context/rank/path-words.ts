import { partsOf, stem } from '../question/terms.ts';

/** How much a word of a folder's name counts against one of the file's own. */
const FOLDER_SHARE = 0.4;

/** The words of paths, numbered: what every question looks through, made once. */
export class PathWords {
  readonly #numbers = new Map<string, number>();
  /** The same by the words as they are, before they are stemmed. */
  readonly #parts = new Map<string, number>();
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
    this.begins = new Uint32Array(paths.length + 1);
    this.lengths = new Uint16Array(paths.length);
    const folders = new Map<string, readonly number[]>();
    paths.forEach((path, file) => {
      const slash = path.lastIndexOf('/');
      const home = path.slice(0, Math.max(0, slash));
      let around = folders.get(home);
      if (!around) {
        around = [...new Set(home.split('/').flatMap((part) => this.#wordsOf(part)))];
        folders.set(home, around);
      }
      const own = this.#wordsOf(path.slice(slash + 1));
      const begin = words.length;
      for (const word of around) {
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
    });
    this.words = Uint32Array.from(words);
    this.shares = Float64Array.from(shares);
  }

  /** How many different words there are. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a word, or undefined when no path has it. */
  numberOf(word: string): number | undefined {
    return this.#numbers.get(word);
  }

  /** The numbers of the words in a name, in its order; of a word that is there twice, twice. */
  #wordsOf(name: string): number[] {
    return partsOf(name).map((part) => {
      let number = this.#parts.get(part);
      if (number === undefined) {
        const word = stem(part);
        number = this.#numbers.get(word) ?? this.#numbers.size;
        this.#numbers.set(word, number);
        this.#parts.set(part, number);
      }
      return number;
    });
  }
}
