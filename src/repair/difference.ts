import type { Replacement } from './operator.ts';

/** The one replacement that turns a text into another: what lies between their common start and end. */
export function difference(before: string, after: string): Replacement {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let behind = 0;
  while (behind < shorter - start && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind++;
  return { start, end: before.length - behind, text: after.slice(start, after.length - behind) };
}

/** The line of the text before that a line of the text after stands for; lines count from 1. */
export function lineMap(before: string, after: string): (line: number) => number {
  if (before === after) return (line) => line;
  const { start, end, text } = difference(before, after);
  const first = count(before.slice(0, start)) + 1;
  const removed = count(before.slice(start, end));
  const added = count(text);
  return (line) =>
    line <= first ? line : line > first + added ? line - added + removed : Math.min(line, first + removed);
}

function count(text: string): number {
  return text.split('\n').length - 1;
}
