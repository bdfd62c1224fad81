/** Stands where a search/replace block was taken out of a text: the fence around it is no file. */
export const BLOCK_TAKEN = '\0';

/** A fenced block of Markdown. Line numbers count from 0; `end` is the line after it. */
export interface Fence {
  readonly start: number;
  readonly end: number;
  /** What stands after the opening fence. */
  readonly info: string;
  readonly content: readonly string[];
  readonly closed: boolean;
}

/** The outermost fenced blocks in the lines of a text; line ends may still be `\r`. */
export function fencesIn(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = /^ {0,3}(`{3,}|~{3,})\s*([^`]*?)\s*$/.exec(lines[at]!);
    if (!opening) continue;
    let close = at + 1;
    while (close < lines.length && !closes(lines[close]!, opening[1]!)) close++;
    const closed = close < lines.length;
    const content = lines.slice(at + 1, close);
    fences.push({ start: at, end: closed ? close + 1 : close, info: opening[2]!, content, closed });
    at = close;
  }
  return fences;
}

function closes(line: string, opening: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return closing !== undefined && closing[0] === opening[0] && closing.length >= opening.length;
}
