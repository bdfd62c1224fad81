import { type StructuredPatchHunk, structuredPatch } from 'diff';
import type { ChangeSet } from '../domain/change.ts';
import { indexLines, linesBefore } from './line-index.ts';
import { quoteName } from './patch-names.ts';

const CONTEXT_LINES = 3;
/** Beyond so many differing lines a minimal difference takes too long to find: the file is replaced as a whole. */
const MAX_EDIT_LENGTH = 1_000;
/** So many characters are compared at once: many times faster than one by one. */
const BLOCK = 1_024;

/**
 * A git-style unified diff from the files as `read` gives them (`null`: no such file) to the changed ones, which
 * `git apply` and `patch -p1` accept (GNU patch not with line breaks, quotes or outer spaces in names). Changes that change nothing are left out; new files get mode 100644.
 */
export function renderPatch(changes: ChangeSet, read: (path: string) => string | null): string {
  return changes.map(({ path, content }) => renderFile(path, read(path), content)).join('');
}

function renderFile(path: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const [from, to] = [quoteName(`a/${path}`), quoteName(`b/${path}`)];
  const header = [`diff --git ${from} ${to}`];
  if (before === null) header.push('new file mode 100644');
  if (after === null) header.push('deleted file mode 100644');
  const hunks = hunksBetween(before ?? '', after ?? '');
  if (hunks.length > 0) header.push(`--- ${side(before, from)}`, `+++ ${side(after, to)}`);
  return `${[...header, ...hunks].join('\n')}\n`;
}

/** A tab ends a name with spaces, as git writes it, so that no reader takes what follows for a date. */
function side(text: string | null, name: string): string {
  if (text === null) return '/dev/null';
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}

function hunksBetween(before: string, after: string): string[] {
  const part = differingPart(before, after);
  const patch = structuredPatch('', '', part.before, part.after, '', '', {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDIT_LENGTH,
  });
  return (patch?.hunks ?? [replaceAll(part.before, part.after)]).map((hunk) => renderHunk(hunk, part.skippedLines));
}

/** The lines in which two texts differ, from the first to the last, with the context around them. */
function differingPart(before: string, after: string) {
  const [start, equalAtEnd] = commonEnds(before, after);
  let [from, to] = [start, before.length - equalAtEnd];
  for (let line = 0; line < CONTEXT_LINES && from > 0; line++) from = lineStartBefore(before, from);
  for (let line = 0; line < CONTEXT_LINES && to < before.length; line++)
    to = before.indexOf('\n', to) + 1 || before.length;
  const skippedLines = linesBefore(indexLines(before), from);
  return {
    before: before.slice(from, to),
    after: after.slice(from, after.length - (before.length - to)),
    skippedLines,
  };
}

/** How many characters are equal at the start and at the end, in whole lines. */
function commonEnds(before: string, after: string): readonly [number, number] {
  const equal = commonStart(before, after);
  const start = equal === 0 ? 0 : before.lastIndexOf('\n', equal - 1) + 1;
  const end = commonEnd(before, after, Math.min(before.length, after.length) - start);
  if (isLineStart(before, before.length - end) && isLineStart(after, after.length - end)) return [start, end];
  const next = before.indexOf('\n', before.length - end) + 1;
  return [start, next === 0 ? 0 : before.length - next];
}

function commonStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one.slice(at, at + BLOCK) === other.slice(at, at + BLOCK)) at += BLOCK;
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return Math.min(at, most);
}

function commonEnd(one: string, other: string, most: number): number {
  const block = (text: string, back: number) => text.slice(text.length - back - BLOCK, text.length - back);
  let back = 0;
  while (back + BLOCK <= most && block(one, back) === block(other, back)) back += BLOCK;
  while (back < most && one.charCodeAt(one.length - 1 - back) === other.charCodeAt(other.length - 1 - back)) back++;
  return back;
}

function lineStartBefore(text: string, at: number): number {
  return at < 2 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || text.charCodeAt(at - 1) === 10;
}

function renderHunk({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk, skipped: number): string {
  return [`@@ -${range(oldStart + skipped, oldLines)} +${range(newStart + skipped, newLines)} @@`, ...lines].join('\n');
}

function range(start: number, lines: number): string {
  return lines === 1 ? `${start}` : `${lines === 0 ? start - 1 : start},${lines}`;
}

function replaceAll(before: string, after: string): StructuredPatchHunk {
  const [removed, added] = [prefixLines('-', before), prefixLines('+', after)];
  const count = (lines: string[]) => lines.filter((line) => !line.startsWith('\\')).length;
  return {
    oldStart: 1,
    oldLines: count(removed),
    newStart: 1,
    newLines: count(added),
    lines: [...removed, ...added],
  };
}

function prefixLines(sign: string, text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => sign + line);
  if (lines.at(-1) === sign) return lines.slice(0, -1);
  return [...lines, '\\ No newline at end of file'];
}
