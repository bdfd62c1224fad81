interface Edit {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/**
 * The edit indented as the one place of the text where its search lines stand when indentation is left aside, and
 * where all of them are off by the same; null where there is no such place or more than one.
 */
export function indentedLike(text: string, { search, replace }: Edit): Edit | null {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const wanted = search.map((line) => line.trimEnd());
  const fits: Edit[] = [];
  for (let from = 0; from + wanted.length <= lines.length && fits.length < 2; from++) {
    const shift = shiftBetween(wanted, lines, from);
    if (shift) fits.push({ search: lines.slice(from, from + wanted.length), replace: replace.map(shift) });
  }
  return fits.length === 1 ? fits[0]! : null;
}

/** How to indent a line so that the wanted ones become those of the text, or null when nothing does that. */
function shiftBetween(wanted: readonly string[], lines: readonly string[], from: number) {
  const first = wanted.findIndex((line) => line !== '');
  if (first === -1) return null;
  const [mine, theirs] = [indentOf(wanted[first]!), indentOf(lines[from + first]!)];
  const [added, removed] = [mine.length < theirs.length ? theirs.slice(mine.length) : '', mine.slice(theirs.length)];
  const shift = (line: string) => {
    if (line.trim() === '') return line.trim();
    return removed !== '' && line.startsWith(removed) ? line.slice(removed.length) : added + line;
  };
  return wanted.every((line, index) => shift(line) === lines[from + index]) ? shift : null;
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}
