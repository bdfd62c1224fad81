/** As a signed number: a larger one would make the loop count in floating point. */
export const SEED = 0x811c9dc5 | 0;
export const SECOND_SEED = 7;
/** Words further on in a line are not visited. */
export const COUNTED_CHARACTERS_OF_A_LINE = 2_000;

/** Told of a word by where it stands and by two hashes of its characters, which together tell words apart. */
export type WordVisitor = (start: number, end: number, hash: number, second: number) => void;

/**
 * Visits every word (letters, digits, `_`, `$`, all beyond ASCII; two characters or more) between two offsets, without
 * making a string of it; of a very long line only the words at its beginning.
 */
export function eachWord(text: string, from: number, to: number, visit: WordVisitor): void {
  let start = -1;
  let lineStart = from;
  let hash = 0;
  let second = 0;
  for (let i = from; i <= to; i++) {
    const code = i < to ? text.charCodeAt(i) : 10;
    if (isWord(code)) {
      if (start < 0) {
        start = i;
        hash = SEED;
        second = SECOND_SEED;
      }
      hash = Math.imul(hash ^ code, 0x01000193);
      second = (Math.imul(second, 0x5bd1e995) + code) | 0;
      continue;
    }
    if (start >= 0) {
      if (i - start > 1 && start - lineStart < COUNTED_CHARACTERS_OF_A_LINE) visit(start, i, hash, second);
      start = -1;
    }
    if (code === 10) lineStart = i + 1;
  }
}

/** Whether words have this UTF-16 unit in them. */
export function isWord(code: number): boolean {
  return code >= 128 || WORD_CODES[code] === 1;
}

const WORD_CODES = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));
