const OTHER = 0;
const UPPER = 1;
const LOWER = 2;
const DIGIT = 3;
const SPACE = 4;
const NEW_LINE = 5;
const BEYOND = 6;
const [APOSTROPHE, SLASH, BLANK] = [39, 47, 32];

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 10 || code === 13) return NEW_LINE;
  return code === BLANK || (code >= 9 && code <= 12) ? SPACE : OTHER;
});

/**
 * Where the piece ends that o200k's pattern cuts from a text (UTF-16 units up to `to`) at `at`, the end of the piece before;
 * -1 where it depends on what lies beyond ASCII, so that only the pattern itself can tell.
 */
export function pieceEnd(units: Uint16Array, at: number, to: number): number {
  const first = classAt(units, at, to);
  const second = at + 1 < to ? classAt(units, at + 1, to) : NEW_LINE;
  if (first === BEYOND || second === BEYOND) return -1;
  if (first === UPPER || first === LOWER) return wordEnd(units, at, to);
  if (first !== NEW_LINE && first !== DIGIT && (second === UPPER || second === LOWER))
    return wordEnd(units, at + 1, to);
  if (first === DIGIT) return runEnd(units, at, Math.min(to, at + 3), to, DIGIT);
  if (first === OTHER) return signsEnd(units, at, to);
  if (units[at] === BLANK && at + 1 < to && second === OTHER) return signsEnd(units, at + 1, to);
  return spaceEnd(units, at, to);
}

function classAt(units: Uint16Array, at: number, to: number): number {
  if (at >= to) return NEW_LINE;
  const code = units[at]!;
  return code < 128 ? CLASSES[code]! : BEYOND;
}

/** Where characters of one class end, at `most` at the latest; -1 where what comes then may belong to them. */
function runEnd(units: Uint16Array, at: number, most: number, to: number, kind: number): number {
  let end = at;
  while (end < most && classAt(units, end, to) === kind) end++;
  return end < most && classAt(units, end, to) === BEYOND ? -1 : end;
}

/** Upper case, then lower case, then perhaps `'s` and the like. */
function wordEnd(units: Uint16Array, at: number, to: number): number {
  const upper = runEnd(units, at, to, to, UPPER);
  const end = upper < 0 ? -1 : runEnd(units, upper, to, to, LOWER);
  if (end < 0 || end >= to || units[end] !== APOSTROPHE) return end;
  const next = end + 1 < to ? units[end + 1]! | BLANK : 0;
  if (next === 0) return end;
  if (next === 115 || next === 100 || next === 109 || next === 116) return end + 2;
  const after = end + 2 < to ? units[end + 2]! | BLANK : 0;
  const isLong = (next === 108 && after === 108) || ((next === 118 || next === 114) && after === 101);
  return isLong ? end + 3 : end;
}

/** Signs, then line ends and slashes. */
function signsEnd(units: Uint16Array, at: number, to: number): number {
  let end = runEnd(units, at, to, to, OTHER);
  if (end < 0) return -1;
  while (end < to && (units[end] === SLASH || classAt(units, end, to) === NEW_LINE)) end++;
  return end;
}

/** White space up to its last line end; without one, all but the last character, which goes to what follows. */
function spaceEnd(units: Uint16Array, at: number, to: number): number {
  let end = at;
  let lastLine = -1;
  for (let kind = classAt(units, end, to); end < to && (kind === SPACE || kind === NEW_LINE); ) {
    if (kind === NEW_LINE) lastLine = end;
    kind = classAt(units, ++end, to);
  }
  if (end < to && units[end]! >= 128) return -1;
  if (lastLine >= 0) return lastLine + 1;
  return end === to || end - at === 1 ? end : end - 1;
}
