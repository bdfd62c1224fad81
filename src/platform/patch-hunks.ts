import { type IndexedText, indexLines, lineCount } from './line-index.ts';
import type { Hunk, HunkLine } from './patch-read.ts';

interface Place {
  readonly line: number;
  /** Whether every old line matches including its line end. */
  readonly exact: boolean;
}

/**
 * The text after its hunks, each placed where its old lines match, nearest to where it says; or which hunk matches
 * nowhere. Where a patch has other line ends than the file, the file's are kept.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): string | { readonly problem: string } {
  const indexed = indexLines(text);
  const parts: string[] = [];
  let [done, shift] = [0, 0];
  for (const [index, hunk] of hunks.entries()) {
    const old = hunk.lines.filter(({ sign }) => sign !== '+');
    const place = findPlace(indexed, hunk, old, done, shift);
    if ('problem' in place) return { problem: `hunk ${index + 1} of ${hunks.length} ${place.problem}` };
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

function findPlace(indexed: IndexedText, hunk: Hunk, old: readonly HunkLine[], from: number, shift: number) {
  const last = lineCount(indexed) - old.length;
  if (hunk.start === null) return findUnplaced(indexed, old, from, last);
  const expected = expectedLine(hunk, old) + shift;
  if (old.length === 0) return { line: Math.min(Math.max(expected, from), last), exact: true };
  for (let away = 0; expected - away >= from || expected + away <= last; away++) {
    for (const line of away === 0 ? [expected] : [expected - away, expected + away]) {
      const place = line < from || line > last ? null : matchAt(indexed, old, line);
      if (place) return place;
    }
  }
  return {
    problem: `does not match: ${mismatch(indexed, old, Math.min(Math.max(expected, from), lineCount(indexed)))}`,
  };
}

/** A header without line numbers: its old lines must be found exactly once. */
function findUnplaced(indexed: IndexedText, old: readonly HunkLine[], from: number, last: number) {
  const places: Place[] = [];
  for (let line = from; line <= last && old.length > 0; line++) {
    const place = matchAt(indexed, old, line);
    if (place) places.push(place);
  }
  if (places.length === 1) return places[0]!;
  return { problem: `says no line numbers and matches at ${places.length} places` };
}

function matchAt(indexed: IndexedText, old: readonly HunkLine[], line: number): Place | null {
  let exact = true;
  for (const [index, { text, bare }] of old.entries()) {
    const [start, end] = contentBounds(indexed, line + index);
    const plain = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (end - start !== plain.length || !indexed.text.startsWith(plain, start)) return null;
    const tail = indexed.text.slice(end, indexed.starts[line + index + 1]!);
    if (tail !== text.slice(plain.length) + (bare ? '' : '\n')) exact = false;
  }
  return { line, exact };
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
  const wrong = old.findIndex((_, index) => {
    if (line + index >= lineCount(indexed)) return true;
    const [start, end] = contentBounds(indexed, line + index);
    return indexed.text.slice(start, end) !== old[index]!.text.replace(/\r$/, '');
  });
  const expected = JSON.stringify((old[wrong]?.text ?? '').slice(0, 80));
  if (line + wrong >= lineCount(indexed)) return `it expects ${expected} after the end of the file`;
  const [start, end] = contentBounds(indexed, line + wrong);
  return `line ${line + wrong + 1} is ${JSON.stringify(indexed.text.slice(start, Math.min(end, start + 80)))}, it expects ${expected}`;
}
