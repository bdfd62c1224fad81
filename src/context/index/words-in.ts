/** As a signed number: a larger one would make the loop count in floating point. */
export const SEED = 0x811c9dc5 | 0;
export const SECOND_SEED = 7;
/** Words further on in a line are not visited. */
export const COUNTED_CHARACTERS_OF_A_LINE = 2_000;

/** Told of a word by where it stands and by two hashes of its characters, which together tell words apart. */
export type WordVisitor = (start: number, end: number, hash: number, second: number) => void;

/** Whether words have this UTF-16 unit in them. */
export function isWord(code: number): boolean {
  return code >= 128 || WORD_CODES[code] === 1;
}

const WORD_CODES = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));
