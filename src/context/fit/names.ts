import { quoteName } from '../../platform/patch-names.ts';

/** A path on one line: as it is, or C-quoted as git does where it holds control characters. */
export function printableName(path: string): string {
  return CONTROL.test(path) ? quoteName(path) : path;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
