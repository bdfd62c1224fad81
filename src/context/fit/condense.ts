import type { Family } from '../collect/kinds.ts';
import type { Stretch } from './select.ts';

const KEPT_LINES = 4;
const LONG_PROSE = 25;

/** The parts of a stretch without the inside of long docstrings and comments: their first lines stay. */
export function condensed(lines: readonly string[], { start, end }: Stretch, family: Family): Stretch[] {
  const parts: Stretch[] = [];
  let from = start;
  for (let line = start; line <= end; line++) {
    const last = Math.min(end, family === 'python' ? docstringEnd(lines, line) : commentEnd(lines, line));
    const length = last - line + 1;
    if (length <= LONG_PROSE) {
      line = Math.max(line, last);
      continue;
    }
    parts.push({ start: from, end: line + KEPT_LINES - 1 });
    from = last + 1;
    line = last;
  }
  if (from <= end) parts.push({ start: from, end });
  return parts;
}

/** The last line of the docstring or run of comments that begins on a line; the line before when none does. */
function docstringEnd(lines: readonly string[], line: number): number {
  const quote = /^\s*[rRuU]?("""|''')/.exec(lines[line - 1]!)?.[1];
  if (!quote) return runEnd(lines, line, /^\s*#(?!!)/);
  if (lines[line - 1]!.split(quote).length > 2) return line;
  for (let at = line + 1; at <= lines.length; at++) if (lines[at - 1]!.includes(quote)) return at;
  return line - 1;
}

function commentEnd(lines: readonly string[], line: number): number {
  if (!/^\s*\/\*/.test(lines[line - 1]!)) return runEnd(lines, line, /^\s*\/\//);
  for (let at = line; at <= lines.length; at++) if (lines[at - 1]!.includes('*/')) return at;
  return line - 1;
}

function runEnd(lines: readonly string[], line: number, comment: RegExp): number {
  let at = line;
  while (at <= lines.length && comment.test(lines[at - 1]!)) at++;
  return at - 1;
}
