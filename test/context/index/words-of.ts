import {
  COUNTED_CHARACTERS_OF_A_LINE,
  isWord,
  SECOND_SEED,
  SEED,
  type WordVisitor,
} from '../../../src/context/index/words-in.ts';

/** What `Codes` does, character by character: every word of a text, of a very long line those at its beginning. */
export function eachWord(text: string, visit: WordVisitor): void {
  let lineStart = 0;
  for (const line of text.split('\n')) {
    let from = 0;
    while (from < line.length) {
      let to = from;
      let [hash, second] = [SEED, SECOND_SEED];
      for (; to < line.length && isWord(line.charCodeAt(to)); to++) {
        hash = Math.imul(hash ^ line.charCodeAt(to), 0x01000193);
        second = (Math.imul(second, 0x5bd1e995) + line.charCodeAt(to)) | 0;
      }
      if (to - from > 1 && from < COUNTED_CHARACTERS_OF_A_LINE) visit(lineStart + from, lineStart + to, hash, second);
      from = to + 1;
    }
    lineStart += line.length + 1;
  }
}
