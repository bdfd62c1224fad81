/** How many o200k tokens a text has. */
export type CountTokens = (text: string) => number;

const LONGEST_RUN = 512;

let loading: Promise<CountTokens> | undefined;

/** Loads the o200k vocabulary, once a process and only when something is to be counted. */
export function loadTokenCounter(): Promise<CountTokens> {
  loading ??= import('./o200k.ts').then(({ createCounter }) => {
    const countPiece = createCounter();
    return (text) => pieces(text).reduce((tokens, piece) => tokens + countPiece(piece), 0);
  });
  return loading;
}

/**
 * Cuts a text inside runs of more than 512 characters of one class: byte pair encoding takes time that grows with the
 * square of a run. Text without such runs is one piece, so its count is the encoding's own.
 */
export function pieces(text: string): string[] {
  if (!mayHaveLongRun(text)) return [text];
  const found: string[] = [];
  let start = 0;
  let run = 0;
  let last = -1;
  for (let i = 0; i < text.length; i++) {
    const kind = classOf(text, i);
    run = kind === last ? run + 1 : 1;
    last = kind;
    if (run > LONGEST_RUN && !isLowSurrogate(text.charCodeAt(i))) {
      found.push(text.slice(start, i));
      start = i;
      run = 1;
    }
  }
  found.push(text.slice(start));
  return found;
}

/** A quick look: a run that is too long has all between two characters that stand half its length apart. */
function mayHaveLongRun(text: string): boolean {
  const step = LONGEST_RUN / 2;
  for (let at = step; at < text.length; at += step) {
    const kind = classOf(text, at);
    let from = at;
    while (from > at - step && classOf(text, from - 1) === kind) from--;
    if (from === at - step) return true;
  }
  return false;
}

function classOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? CLASSES[code]! : BEYOND;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

const BEYOND = 2;

/** White space, digits, letters and everything beyond ASCII, the rest: what the encoding's pattern keeps together. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code === 32 || (code >= 9 && code <= 13)) return 0;
  if (code >= 48 && code <= 57) return 1;
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? BEYOND : 3;
});
