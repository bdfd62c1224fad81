import { type StructuredPatchHunk, structuredPatch } from 'diff';
import type { ChangeSet } from '../domain/change.ts';
import { quoteName } from './patch-names.ts';

const CONTEXT_LINES = 3;
/** Beyond so many differing lines a minimal difference takes too long to find: the file is replaced as a whole. */
const MAX_EDIT_LENGTH = 1_000;

/**
 * A git-style unified diff from the files as `read` gives them (`null`: no such file) to the changed ones, which
 * `git apply` and `patch -p1` accept. Changes that change nothing are left out; new files get mode 100644.
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
  const patch = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDIT_LENGTH,
  });
  return (patch?.hunks ?? [replaceAll(before, after)]).map(renderHunk);
}

function renderHunk({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string {
  return [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines].join('\n');
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
