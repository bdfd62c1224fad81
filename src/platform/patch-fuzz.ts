import type { Hunk, HunkLine } from './patch-read.ts';

/** As much outer context as GNU patch lets go. */
const MOST_FUZZ = 2;

/**
 * The hunk with one and two lines of its outer context left out, for files that changed around it; never so far that
 * nothing but an empty line or a lone line of context would say where it belongs.
 */
export function withLessContext(hunk: Hunk): Hunk[] {
  const lead = contextLength(hunk.lines);
  const tail = contextLength(hunk.lines.toReversed());
  const looser: Hunk[] = [];
  for (let fuzz = 1; fuzz <= MOST_FUZZ && fuzz <= Math.max(lead, tail); fuzz++) {
    const [fromStart, fromEnd] = [Math.min(fuzz, lead), Math.min(fuzz, tail)];
    const lines = hunk.lines.slice(fromStart, hunk.lines.length - fromEnd);
    if (saysWhere(lines)) looser.push({ start: hunk.start === null ? null : hunk.start + fromStart, lines });
  }
  return looser;
}

function contextLength(lines: readonly HunkLine[]): number {
  const first = lines.findIndex(({ sign }) => sign !== ' ');
  return first === -1 ? 0 : first;
}

function saysWhere(lines: readonly HunkLine[]): boolean {
  const telling = lines.filter(({ sign, text }) => sign !== '+' && text.trim() !== '');
  return telling.length > 1 || telling.some(({ sign }) => sign === '-');
}
