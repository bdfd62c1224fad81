import { partsOf, stem } from '../question/terms.ts';

/** How much a word of a folder's name counts against one of the file's own. */
const FOLDER_SHARE = 0.4;

/** The words of paths, numbered: what every question looks through, made once. */
export class PathWords {
  readonly #numbers = new Map<string, number>();
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
    const remembered = new Map<string, readonly number[]>();
    paths.forEach((path, file) => {
      const parts = path.split('/');
      const own = new Map<number, number>();
      parts.forEach((part, i) => {
        const share = i === parts.length - 1 ? 1 : FOLDER_SHARE;
        let numbers = remembered.get(part);
        if (!numbers) {
          numbers = partsOf(part).map((word) => this.#numberOf(stem(word)));
          if (share !== 1) remembered.set(part, numbers);
        }
        for (const number of numbers) own.set(number, Math.max(own.get(number) ?? 0, share));
        if (share === 1) this.lengths[file] = numbers.length;
      });
      for (const [number, share] of own) {
        words.push(number);
        shares.push(share);
      }
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

  #numberOf(word: string): number {
    let number = this.#numbers.get(word);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(word, number);
    }
    return number;
  }
}
