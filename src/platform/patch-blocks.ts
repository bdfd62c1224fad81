import type { Taken } from './patch-apply.ts';
import type { Draft } from './patch-draft.ts';
import { BLOCK_TAKEN } from './patch-fences.ts';
import { applyHunks } from './patch-hunks.ts';
import { indentedLike } from './patch-indent.ts';
import { refusal } from './patch-names.ts';
import { existsIn, pathInFence, pathOnLine } from './patch-paths.ts';
import type { HunkLine } from './patch-read.ts';

const OPENS = /^\s*<{5,9} ?(?:SEARCH|ORIGINAL)\b[^<]*$/;
const DIVIDES = /^\s*={5,9}\s*$/;
const CLOSES = /^\s*>{5,9} ?(?:REPLACE|UPDATED)\b/;

/** What to look for and what to put there, as lines without their ends. */
interface Edit {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/**
 * Applies the blocks `<<<<<<< SEARCH … ======= … >>>>>>> REPLACE` in a text. The path stands on a line above the block,
 * or in the fence around it; a block without one belongs to the file of the block before. What a block looks for must
 * be found exactly once, give or take blanks at line ends and the indentation of the whole; nothing means a new file.
 */
export function takeBlocks(text: string, draft: Draft): Taken {
  if (!/^\s*<{5,9} ?(?:SEARCH|ORIGINAL)/m.test(text)) return { found: 0, left: text };
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const exists = existsIn((path) => draft.read(path));
  const left: string[] = [];
  let [found, path]: [number, string | null] = [0, null];
  for (let at = 0; at < lines.length; at++) {
    if (!OPENS.test(lines[at]!)) {
      left.push(lines[at]!);
      continue;
    }
    found++;
    let close = at + 1;
    while (close < lines.length && !CLOSES.test(lines[close]!) && !OPENS.test(lines[close]!)) close++;
    if (!CLOSES.test(lines[close] ?? '')) return { problem: `block ${found} is cut off: it has no REPLACE line` };
    path = pathAbove(left, exists) ?? path;
    if (path === null) return { problem: `block ${found} has no path on a line above it` };
    const problem = applyBlock(path, lines.slice(at + 1, close), draft);
    if (problem) return { problem: `${path}: block ${found} ${problem}` };
    left.push(BLOCK_TAKEN);
    at = close;
  }
  return { found, left: left.join('\n') };
}

/** The nearest line above that is not empty, and if that opens or closes a fence, what it names or the one above. */
function pathAbove(above: readonly string[], exists: (path: string) => boolean): string | null {
  const at = above.findLastIndex((line) => line.trim() !== '');
  const fence = /^\s*(?:`{3,}|~{3,})(.*)$/.exec(above[at] ?? '');
  if (!fence) return pathOnLine(above[at] ?? '', exists);
  const title = above.findLast((line, index) => index < at && line.trim() !== '') ?? '';
  return pathInFence(fence[1]!.trim(), exists) ?? pathOnLine(title, exists);
}

/** The text may hold lines like the divider: the last that makes what is looked for something that is there counts. */
function applyBlock(path: string, body: readonly string[], draft: Draft): string | null {
  const refused = refusal(path);
  if (refused) return refused;
  const dividers = body.flatMap((line, index) => (DIVIDES.test(line) ? [index] : []));
  if (dividers.length === 0) return 'has no ======= line';
  let problem: string | null = null;
  for (const divider of dividers.toReversed()) {
    const edit = { search: body.slice(0, divider), replace: body.slice(divider + 1) };
    const after = replaced(draft.read(path), edit);
    if (typeof after !== 'string') problem = after.problem;
    else {
      draft.write(path, after);
      return null;
    }
  }
  return problem;
}

function replaced(before: string | null, edit: Edit): string | { readonly problem: string } {
  if (edit.search.every((line) => line.trim() === '')) {
    if (before !== null && before !== '') return { problem: 'looks for nothing, but the file exists and is not empty' };
    return edit.replace.map((line) => `${line}\n`).join('');
  }
  if (before === null) return { problem: 'is for a file that is not there' };
  const after = applyHunks(before, [{ start: null, lines: asHunk(edit) }]);
  if (typeof after === 'string') return after;
  const indented = indentedLike(before, edit);
  if (indented) return applyEdit(before, indented, after.problem);
  return { problem: inWords(after.problem) };
}

function applyEdit(before: string, edit: Edit, otherwise: string): string | { readonly problem: string } {
  const after = applyHunks(before, [{ start: null, lines: asHunk(edit) }]);
  return typeof after === 'string' ? after : { problem: inWords(otherwise) };
}

function inWords(problem: string): string {
  return problem.replace('hunk 1 of 1 ', '').replace('says no line numbers and matches', 'matches');
}

/** Lines that stay are context, so that they keep their ends. */
function asHunk({ search, replace }: Edit): HunkLine[] {
  const most = Math.min(search.length, replace.length);
  let [lead, tail] = [0, 0];
  while (lead < most && search[lead] === replace[lead]) lead++;
  while (tail < most - lead && search.at(-1 - tail) === replace.at(-1 - tail)) tail++;
  const lines = (sign: HunkLine['sign'], texts: readonly string[]) =>
    texts.map((text) => ({ sign, text, bare: false }));
  return [
    ...lines(' ', search.slice(0, lead)),
    ...lines('-', search.slice(lead, search.length - tail)),
    ...lines('+', replace.slice(lead, replace.length - tail)),
    ...lines(' ', search.slice(search.length - tail)),
  ];
}
