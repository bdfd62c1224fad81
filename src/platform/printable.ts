import { stripVTControlCharacters } from 'node:util';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Control characters and escape sequences out: what tests and advisors print must not steer the terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, '');
}
