import { type IndexedText, indexLines, lineCount } from './line-index.ts';
import { withLessContext } from './patch-fuzz.ts';
import type { Hunk, HunkLine } from './patch-read.ts';

interface Place {
  readonly line: number;
  /** Whether every old line matches including its line end. */
  readonly exact: boolean;
}

/** A hunk, or what is left of it without some of its context, where it belongs. */
interface Placed {
  readonly hunk: Hunk;
  readonly old: readonly HunkLine[];
  readonly place: Place;
}

/**
 * The text after its hunks, each placed where its old lines match, nearest to where it says; or which hunk matches
 * nowhere. What matches nowhere may differ in blanks at the ends of lines, then in its outermost two lines of context.
 * Where a patch has other line ends than the file, the file's are kept.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): string | { readonly problem: string } {
  const indexed = indexLines(text);
  const parts: string[] = [];
  let [done, shift] = [0, 0];
  for (const [index, written] of hunks.entries()) {
    const found = placed(indexed, written, done, shift);
    if ('problem' in found) return { problem: `hunk ${index + 1} of ${hunks.length} ${found.problem}` };
    const { hunk, old, place } = found;
    parts.push(slice(indexed, done, place.line), newText(indexed, hunk, place));
    if (hunk.start !== null) shift = place.line - expectedLine(hunk, old);
    done = place.line + old.length;
  }
  return joined([...parts, slice(indexed, done, lineCount(indexed))], text);
}

/** Whether a line without its end, which only a file's last can be, was moved from the end: then it needs one. */
function joined(parts: readonly string[], text: string): string {
  let [result, ended] = ['', true];
  for (const part of parts) {
    if (part === '') continue;
    result += ended ? part : lineEndOf(text) + part;
    ended = part.endsWith('\n');
  }
  return result;
}

function slice({ text, starts }: IndexedText, from: number, to: number): string {
  return text.slice(starts[from]!, starts[to]!);
}

/** The line index where the header says that the old lines begin. */
function expectedLine({ start }: Hunk, old: readonly HunkLine[]): number {
  return old.length === 0 ? start! : Math.max(0, start! - 1);
}

/** As it is written; else more and more loosely. The problem is that of the first. */
function placed(indexed: IndexedText, hunk: Hunk, from: number, shift: number): Placed | { readonly problem: string } {
  const old = oldLines(hunk);
  const place = findPlace(indexed, hunk, old, { from, shift, loose: false });
  if (!('problem' in place)) return { hunk, old, place };
  for (const looser of [hunk, ...withLessContext(hunk)]) {
    const kept = oldLines(looser);
    const where = findPlace(indexed, looser, kept, { from, shift, loose: true });
    if (!('problem' in where)) return { hunk: looser, old: kept, place: where };
  }
  return place;
}

function oldLines({ lines }: Hunk): HunkLine[] {
  return lines.filter(({ sign }) => sign !== '+');
}

interface Search {
  /** The first line that may be taken. */
  readonly from: number;
  /** How far earlier hunks were from where they said. */
  readonly shift: number;
  /** Whether blanks at the ends of lines may differ. */
  readonly loose: boolean;
}

function findPlace(indexed: IndexedText, hunk: Hunk, old: readonly HunkLine[], search: Search) {
  const { from, shift, loose } = search;
  const last = lineCount(indexed) - old.length;
  if (hunk.start === null) return findUnplaced(indexed, old, search, last);
  const expected = expectedLine(hunk, old) + shift;
  if (old.length === 0) return { line: Math.min(Math.max(expected, from), last), exact: true };
  for (let away = 0; expected - away >= from || expected + away <= last; away++) {
    for (const line of away === 0 ? [expected] : [expected - away, expected + away]) {
      const place = line < from || line > last ? null : matchAt(indexed, old, line, loose);
      if (place) return place;
    }
  }
  const near = Math.min(Math.max(expected, from), lineCount(indexed));
  return { problem: `does not match: ${mismatch(indexed, old, closest(indexed, old, from, near))}` };
}

/** A header without line numbers: its old lines must be found exactly once. */
function findUnplaced(indexed: IndexedText, old: readonly HunkLine[], { from, loose }: Search, last: number) {
  const places: Place[] = [];
  for (let line = from; line <= last && old.length > 0; line++) {
    const place = matchAt(indexed, old, line, loose);
    if (place) places.push(place);
  }
  if (places.length === 1) return places[0]!;
  if (places.length > 1 || old.length === 0)
    return { problem: `says no line numbers and matches at ${places.length} places` };
  return { problem: `matches nowhere: ${mismatch(indexed, old, closest(indexed, old, from, from))}` };
}

/** The line from which most of the old lines match up to the first that differs; `near` unless another is better. */
function closest(indexed: IndexedText, old: readonly HunkLine[], from: number, near: number): number {
  let [best, most] = [near, equalLines(indexed, old, near)];
  for (let line = from; line < lineCount(indexed); line++) {
    const equal = equalLines(indexed, old, line);
    if (equal > most) [best, most] = [line, equal];
  }
  return best;
}

function equalLines(indexed: IndexedText, old: readonly HunkLine[], line: number): number {
  const differs = old.findIndex(
    (one, index) => line + index >= lineCount(indexed) || !sameLine(indexed, one, line + index, true),
  );
  return differs === -1 ? old.length : differs;
}

function matchAt(indexed: IndexedText, old: readonly HunkLine[], line: number, loose: boolean): Place | null {
  let exact = true;
  for (const [index, oldLine] of old.entries()) {
    if (!sameLine(indexed, oldLine, line + index, loose)) return null;
    const { text, bare } = oldLine;
    const [, end] = contentBounds(indexed, line + index);
    const tail = indexed.text.slice(end, indexed.starts[line + index + 1]!);
    if (tail !== (text.endsWith('\r') ? '\r' : '') + (bare ? '' : '\n')) exact = false;
  }
  return { line, exact };
}

/** Whether a line of the file is an old line, whatever ends it. */
function sameLine(indexed: IndexedText, { text }: HunkLine, line: number, loose: boolean): boolean {
  const [start, end] = contentBounds(indexed, line);
  const plain = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (loose) return indexed.text.slice(start, end).trimEnd() === plain.trimEnd();
  return end - start === plain.length && indexed.text.startsWith(plain, start);
}

/** Where a line's text begins and ends, without `\n` or `\r\n`. */
function contentBounds({ text, starts }: IndexedText, line: number): [number, number] {
  const start = starts[line]!;
  let end = starts[line + 1]!;
  if (end > start && text.charCodeAt(end - 1) === 10) end--;
  if (end > start && text.charCodeAt(end - 1) === 13) end--;
  return [start, end];
}

function newText(indexed: IndexedText, { lines }: Hunk, place: Place): string {
  const ownEnds =
    place.exact && (lines.some(({ sign }) => sign !== '+') || lines.some(({ text }) => text.endsWith('\r')));
  const fileEnd = lineEndOf(indexed.text);
  let [result, at] = ['', place.line];
  for (const { sign, text, bare } of lines) {
    if (sign === '-') at++;
    else if (sign === ' ') result = withEnd(result, fileEnd) + slice(indexed, at, ++at);
    else {
      const plain = ownEnds || !text.endsWith('\r') ? text : text.slice(0, -1);
      result = withEnd(result, fileEnd) + plain + (bare ? '' : ownEnds ? '\n' : fileEnd);
    }
  }
  const reachesEnd = at === lineCount(indexed) && indexed.text !== '' && !indexed.text.endsWith('\n');
  const sloppy = reachesEnd && !place.exact && !lines.some(({ bare }) => bare) && lines.at(-1)?.sign === '+';
  return sloppy ? result.replace(/\r?\n$/, '') : result;
}

function withEnd(result: string, lineEnd: string): string {
  return result === '' || result.endsWith('\n') ? result : result + lineEnd;
}

function lineEndOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text.charCodeAt(first - 1) === 13 ? '\r\n' : '\n';
}

/** The first old line that differs where the hunk should be. */
function mismatch(indexed: IndexedText, old: readonly HunkLine[], line: number): string {
  const wrong = old.findIndex(
    (one, index) => line + index >= lineCount(indexed) || !sameLine(indexed, one, line + index, false),
  );
  const expected = JSON.stringify((old[wrong]?.text ?? '').slice(0, 80));
  if (line + wrong >= lineCount(indexed)) return `it expects ${expected} after the end of the file`;
  const [start, end] = contentBounds(indexed, line + wrong);
  return `line ${line + wrong + 1} is ${JSON.stringify(indexed.text.slice(start, Math.min(end, start + 80)))}, it expects ${expected}`;
}
