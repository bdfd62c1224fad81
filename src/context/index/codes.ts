import type { WordVisitor } from './words-in.ts';
import { COUNTED_CHARACTERS_OF_A_LINE, isWord, SECOND_SEED, SEED } from './words-in.ts';

const NEW_LINE = 10;

/** The UTF-16 units of one text at a time, in memory that is used again: numbers are read faster than characters. */
export class Codes {
  #bytes = Buffer.alloc(1 << 18);
  #units = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length / 2);
  #length = 0;
  #at = 0;

  /** The units of the text taken last, with others behind them; good until the next text is taken. */
  get units(): Uint16Array {
    return this.#units;
  }

  /** Takes a text in place of the one before. */
  take(text: string): void {
    if (text.length > this.#units.length) {
      this.#units = new Uint16Array(2 ** Math.ceil(Math.log2(text.length)));
      this.#bytes = Buffer.from(this.#units.buffer);
    }
    this.#length = text.length;
    this.#at = 0;
    this.#bytes.write(text, 0, text.length * 2, 'utf16le');
  }

  /**
   * Visits every word (letters, digits, `_`, `$`, all beyond ASCII; two characters or more) of the next lines of the text;
   * of a very long line only the words at its beginning. Returns how many there are.
   */
  eachWordOf(lines: number, visit: WordVisitor): number {
    const units = this.#units;
    const to = this.#length;
    let words = 0;
    let left = lines;
    let i = this.#at;
    for (let lineStart = i; i < to; i++) {
      let code = units[i]!;
      if (isWord(code)) {
        const start = i;
        let hash = SEED;
        let second = SECOND_SEED;
        do {
          hash = Math.imul(hash ^ code, 0x01000193);
          second = (Math.imul(second, 0x5bd1e995) + code) | 0;
          code = ++i < to ? units[i]! : NEW_LINE;
        } while (isWord(code));
        if (i - start > 1 && start - lineStart < COUNTED_CHARACTERS_OF_A_LINE) {
          visit(start, i, hash, second);
          words++;
        }
      }
      if (code !== NEW_LINE) continue;
      lineStart = i + 1;
      if (--left === 0) break;
    }
    this.#at = i + 1;
    return words;
  }
}
