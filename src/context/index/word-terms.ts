import { hashTerm, termsOf } from '../question/terms.ts';
import { STOP_WORDS } from '../question/words.ts';
import { stemmed } from './stem-codes.ts';

const LONGEST = 64;
/** Parts may be as long as names of files. */
export const LONGEST_PART = 255;
const PRIME = 0x01000193;
const SEED = 0x811c9dc5 | 0;
const WHOLE = Math.imul(SEED ^ 61, PRIME);
const STOP_HASHES = new Set(Array.from(STOP_WORDS, hashTerm));

const OTHER = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 97 && code <= 122) return LOWER;
  return code >= 48 && code <= 57 ? DIGIT : OTHER;
});

const lowered = new Uint8Array(LONGEST_PART);
let parts = 0;
let whole = 0;
let found: number[] = [];

/**
 * The hashes of what `termsOf` gives for the word at `from` to `to`, each once. A word of ASCII letters, digits, `_` and
 * `$` is taken apart without a string; any other by `termsOf` itself.
 */
export function termHashesAt(codes: Uint16Array, from: number, to: number): readonly number[] {
  const length = to - from;
  if (length < 2 || length > LONGEST) return [];
  for (let i = from; i < to; i++)
    if (codes[i]! >= 128) return [...new Set(termsOf(textAt(codes, from, to)).map(hashTerm))];
  parts = 0;
  whole = WHOLE;
  found = [];
  let letters = 0;
  for (let at = from; at < to; ) {
    const end = partEnd(codes, at, to);
    if (end === at) at++;
    else {
      addPart(codes, at, end);
      letters += end - at;
      at = end;
    }
  }
  return parts > 1 && letters > 2 ? [whole >>> 0, ...found] : found;
}

/** Where the part that begins at `at` ends, `at` itself where none does; all must be ASCII. As in `partsOf`, `HTTPServer2` is `HTTP`, `Server`, `2`. */
export function partEnd(codes: Uint16Array, at: number, to: number): number {
  const first = CLASSES[codes[at]!]!;
  if (first === OTHER) return at;
  let end = at + 1;
  while (end < to && CLASSES[codes[end]!] === first) end++;
  if (first !== UPPER || end === to || CLASSES[codes[end]!] !== LOWER) return end;
  if (end - at > 1) return end - 1;
  while (end < to && CLASSES[codes[end]!] === LOWER) end++;
  return end;
}

function addPart(codes: Uint16Array, from: number, to: number): void {
  const length = to - from;
  lower(codes, from, length);
  let own = SEED;
  for (let i = 0; i < length; i++) {
    const code = lowered[i]!;
    own = Math.imul(own ^ code, PRIME);
    whole = Math.imul(whole ^ code, PRIME);
  }
  parts++;
  if (length < 2 || (STOP_HASHES.has(own >>> 0) && STOP_WORDS.has(String.fromCharCode(...lowered.subarray(0, length)))))
    return;
  const hash = stemHash(length);
  if (!found.includes(hash)) found.push(hash);
}

/** What `hashTerm` gives for the stem of the part at `from` to `to`, of ASCII and LONGEST_PART at most, in lower case. */
export function stemHashAt(codes: Uint16Array, from: number, to: number): number {
  lower(codes, from, to - from);
  return stemHash(to - from);
}

function lower(codes: Uint16Array, from: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const code = codes[from + i]!;
    lowered[i] = code >= 65 && code <= 90 ? code + 32 : code;
  }
}

function stemHash(length: number): number {
  const kept = stemmed(lowered, length);
  let hash = SEED;
  for (let i = 0; i < kept; i++) hash = Math.imul(hash ^ lowered[i]!, PRIME);
  return hash >>> 0;
}

function textAt(codes: Uint16Array, from: number, to: number): string {
  return String.fromCharCode(...codes.subarray(from, to));
}
