/** Longer lines are no line of a report: expressions are not tried on them. */
const MAX_LINE = 4_000;

/** So many empty lines in a row say no more than fewer. */
const MAX_EMPTY = 100;

/** The lines of a text; ones too long to be a report's are cut, and long runs of empty ones shortened. */
export function reportLines(text: string): string[] {
  const lines: string[] = [];
  let empty = 0;
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    empty = end === start ? empty + 1 : 0;
    if (empty <= MAX_EMPTY) lines.push(text.slice(start, Math.min(end, start + MAX_LINE)));
    start = end + 1;
  }
  return lines;
}

/** Whether some line that is not empty matches; looks at every line on its own, so that time stays linear. */
export function someLine(text: string, expression: RegExp): boolean {
  for (let start = 0; start < text.length; ) {
    while (text.charCodeAt(start) === 10) start++;
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start <= MAX_LINE && expression.test(text.slice(start, end))) return true;
    start = end + 1;
  }
  return false;
}

/** Number of leading blanks. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

const MAX_BLOCK = 20_000;

/** Collects the lines of a message, bounded. */
export class Block {
  #lines: string[] = [];
  #size = 0;

  add(line: string): void {
    if (this.#size > MAX_BLOCK) return;
    this.#lines.push(line);
    this.#size += line.length + 1;
  }

  /** The text, with the indentation all its lines share taken off. */
  text(): string {
    const lines = this.#lines;
    const full = lines.filter((line) => line.trim() !== '');
    const shared = full.reduce((least, line) => Math.min(least, indentOf(line)), 80);
    return lines
      .map((line) => line.slice(Math.min(shared, indentOf(line))))
      .join('\n')
      .trim();
  }
}

/** The last parts of a path at an indentation: what lies deeper is closed. */
export class Outline {
  #open: Array<{ readonly indent: number; readonly name: string }> = [];

  /** Suites that hold a line at this indentation. */
  at(indent: number): string[] {
    while (this.#open.length > 0 && this.#open.at(-1)!.indent >= indent) this.#open.pop();
    return this.#open.map(({ name }) => name);
  }

  open(indent: number, name: string): void {
    this.at(indent);
    if (this.#open.length < 100) this.#open.push({ indent, name });
  }

  clear(): void {
    this.#open = [];
  }
}
