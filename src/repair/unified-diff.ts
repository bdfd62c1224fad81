import { quoteName } from '../platform/patch-names.ts';
import { applied, inOrder } from './candidate.ts';
import { lineEnd, lineStart } from './lines.ts';
import type { Replacement } from './operator.ts';

const CONTEXT = 3;

/**
 * A unified diff of one file with one hunk from the first to the last changed line: what a general diff finds
 * by search is known here. Line endings are kept. `null` when the replacements overlap.
 */
export function unifiedDiff(path: string, text: string, replacements: readonly Replacement[]): string | null {
  const ordered = inOrder(replacements);
  const after = applied(text, ordered);
  if (after === null || ordered.length === 0) return null;
  const first = ordered[0]!.start;
  const last = Math.max(...ordered.map((each) => each.end));
  const from = lineStart(text, first);
  const to = lineEnd(text, last);
  const hunkStart = linesBack(text, from, CONTEXT);
  const hunkEnd = linesForward(text, to, CONTEXT);
  const grown = after.length - text.length;
  const lead = lines(text.slice(hunkStart, from));
  const tail = lines(text.slice(to, hunkEnd));
  const removed = lines(text.slice(from, to));
  const added = lines(after.slice(from, to + grown));
  const [ahead, behind] = shared(removed, added);
  const middleEnd = (all: readonly string[]) => all.length - behind;
  const body = [
    ...marked(' ', [...lead, ...removed.slice(0, ahead)]),
    ...marked('-', removed.slice(ahead, middleEnd(removed))),
    ...marked('+', added.slice(ahead, middleEnd(added))),
    ...marked(' ', [...removed.slice(middleEnd(removed)), ...tail]),
  ];
  const line = count(text.slice(0, hunkStart)) + 1;
  const kept = lead.length + tail.length;
  const header = `@@ -${range(line, kept + removed.length)} +${range(line, kept + added.length)} @@`;
  return `--- ${name('a', path)}\n+++ ${name('b', path)}\n${header}\n${body.join('')}`;
}

/** Lines that both sides begin and end with. */
function shared(a: readonly string[], b: readonly string[]): readonly [number, number] {
  let ahead = 0;
  while (ahead < a.length && ahead < b.length && a[ahead] === b[ahead]) ahead++;
  let behind = 0;
  const most = Math.min(a.length, b.length) - ahead;
  while (behind < most && a[a.length - 1 - behind] === b[b.length - 1 - behind]) behind++;
  return [ahead, behind];
}

function linesBack(text: string, position: number, count: number): number {
  let at = position;
  for (let left = count; left > 0 && at > 0; left--) at = lineStart(text, at - 1);
  return at;
}

function linesForward(text: string, position: number, count: number): number {
  let at = position;
  for (let left = count; left > 0 && at < text.length; left--) at = lineEnd(text, at);
  return at;
}

/** Lines with their endings. */
function lines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function count(text: string): number {
  return text.split('\n').length - 1;
}

function marked(mark: string, all: readonly string[]): string[] {
  return all.map((line) => (line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`));
}

function range(line: number, length: number): string {
  return length === 1 ? `${line}` : `${length === 0 ? line - 1 : line},${length}`;
}

/** A path as git writes it; a name with spaces is ended by a tab. */
function name(side: string, path: string): string {
  const quoted = quoteName(`${side}/${path}`);
  return / /.test(quoted) && !quoted.startsWith('"') ? `${quoted}\t` : quoted;
}
