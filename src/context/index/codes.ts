import type { WordVisitor } from './words-in.ts';
import { COUNTED_CHARACTERS_OF_A_LINE, isWord, SEED } from './words-in.ts';

/** The UTF-16 units of one text at a time, in memory that is used again: numbers are read faster than characters. */
export class Codes {
  #bytes = Buffer.alloc(1 << 18);
  #units = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length / 2);

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
    this.#bytes.write(text, 0, text.length * 2, 'utf16le');
  }

  /** Visits the words between two offsets, as `eachWord` does; returns how many there are. */
  eachWord(from: number, to: number, visit: WordVisitor): number {
    const units = this.#units;
    let words = 0;
    let lineStart = from;
    for (let i = from; i < to; i++) {
      let code = units[i]!;
      if (!isWord(code)) {
        if (code === 10) lineStart = i + 1;
        continue;
      }
      const start = i;
      let hash = SEED;
      let second = 7;
      do {
        hash = Math.imul(hash ^ code, 0x01000193);
        second = (Math.imul(second, 0x5bd1e995) + code) | 0;
        code = ++i < to ? units[i]! : 10;
      } while (isWord(code));
      if (i - start > 1 && start - lineStart < COUNTED_CHARACTERS_OF_A_LINE) {
        visit(start, i, hash, second);
        words++;
      }
      if (code === 10) lineStart = i + 1;
    }
    return words;
  }
}
