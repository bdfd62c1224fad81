const COUNTED_CHARACTERS_OF_A_LINE = 2_000;

/** Calls back with every word (letters, digits, `_`, `$`, all beyond ASCII; two characters or more) between two offsets; of a very long line only with those at its beginning. */
export function eachWord(text: string, from: number, to: number, each: (word: string) => void): void {
  let start = -1;
  let lineStart = from;
  for (let i = from; i <= to; i++) {
    const code = i < to ? text.charCodeAt(i) : 10;
    if (isWord(code)) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0) {
      if (i - start > 1 && start - lineStart < COUNTED_CHARACTERS_OF_A_LINE) each(text.slice(start, i));
      start = -1;
    }
    if (code === 10) lineStart = i + 1;
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 48 && code <= 57) ||
    code === 36 ||
    code > 127
  );
}
