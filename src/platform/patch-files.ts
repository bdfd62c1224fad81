import type { Taken } from './patch-apply.ts';
import type { Draft } from './patch-draft.ts';
import { BLOCK_TAKEN, type Fence, fencesIn } from './patch-fences.ts';
import { refusal } from './patch-names.ts';
import { existsIn, pathInFence, pathOnLine } from './patch-paths.ts';

const DIFF = /^(?:diff --git |@@ -\d+(?:,\d+)? \+\d|--- .*\n\+\+\+ )/m;
const SHORT_FILE = 20;
/** What writers put where they left something out. */
const LEFT_OUT =
  /^\s*(?:\/\/|#|\/\*|<!--|--|;|%)?\s*(?:\.\.\.|…)\s*\(?(?:the )?(?:rest|remaining|existing|other|unchanged|same|previous)\b.*$/im;

/** Writes the files whose whole content stands in fences that name them: ```` ```js path=src/a.js ````. */
export function takeNamedFences(text: string, draft: Draft): Taken {
  if (!/^ {0,3}(?:```|~~~)/m.test(text)) return { found: 0, left: text };
  const lines = text.split('\n');
  const exists = existsIn((path) => draft.read(path));
  const named = fencesIn(lines).flatMap((fence) => {
    const path = isWholeFile(fence) ? pathInFence(fence.info, exists) : null;
    return path === null ? [] : [{ path, fence }];
  });
  const problem = writeAll(named, draft);
  if (problem !== null) return { problem };
  const taken = new Set(named.flatMap(({ fence }) => range(fence)));
  return { found: named.length, left: lines.filter((_, at) => !taken.has(at)).join('\n') };
}

/** Writes the files whose path stands alone on the line above a fence, where that fence is the only one below it. */
export function takeTitledFences(text: string, draft: Draft): Taken {
  const lines = text.split('\n');
  const exists = existsIn((path) => draft.read(path));
  const fences = fencesIn(lines);
  const titles = fences.map((fence) => pathOnLine(lineAbove(lines, fence.start), exists));
  const titled = fences.flatMap((fence, index) => {
    const path = titles[index] ?? null;
    const isOnly = index + 1 === fences.length || titles[index + 1] !== null;
    return path !== null && isOnly && isWholeFile(fence) ? [{ path, fence }] : [];
  });
  const snippet = titled.find(({ path, fence }) => isSnippet(fence.content.length, draft.read(path)));
  if (snippet) return { problem: `${snippet.path}: the fence below its name is too short to be the whole file` };
  const problem = writeAll(titled, draft);
  return problem === null ? { found: titled.length, left: text } : { problem };
}

function isWholeFile({ info, content }: Fence): boolean {
  const text = content.join('\n');
  return !/^(?:diff|patch|udiff)\b/i.test(info) && !DIFF.test(text) && !text.includes(BLOCK_TAKEN);
}

/** A fence under a file's name may also show a part of it: less than half of a file of some length does. */
function isSnippet(lines: number, before: string | null): boolean {
  const had = before?.split('\n').length ?? 0;
  return had > SHORT_FILE && lines < had / 2;
}

function range({ start, end }: Fence): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function lineAbove(lines: readonly string[], at: number): string {
  return lines.slice(0, at).findLast((line) => line.trim() !== '') ?? '';
}

function writeAll(files: ReadonlyArray<{ readonly path: string; readonly fence: Fence }>, draft: Draft): string | null {
  for (const { path, fence } of files) {
    const problem = write(path, fence, draft);
    if (problem !== null) return `${path}: ${problem}`;
  }
  return null;
}

function write(path: string, { content, closed }: Fence, draft: Draft): string | null {
  const refused = refusal(path);
  if (refused) return refused;
  if (!closed) return 'the file is cut off: its fence is not closed';
  const before = draft.read(path);
  const text = content.map((line) => `${line.replace(/\r$/, '')}\n`).join('');
  const gap = LEFT_OUT.exec(text);
  if (gap)
    return `the file is not whole: line ${text.slice(0, gap.index).split('\n').length} is ${JSON.stringify(gap[0].trim().slice(0, 80))}`;
  if (text.trim() === '' && before?.trim()) return 'the fence that names it is empty';
  draft.write(path, likeBefore(text, before));
  return null;
}

/** With the line ends of the file as it was, and without a newline at its end if it had none. */
function likeBefore(text: string, before: string | null): string {
  if (before === null || before === '') return text;
  const ended = before.endsWith('\n') ? text : text.replace(/\n$/, '');
  return /^[^\n]*\r\n/.test(before) ? ended.replaceAll('\n', '\r\n') : ended;
}
