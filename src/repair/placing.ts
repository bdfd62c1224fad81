import { lineStart } from './lines.ts';
import type { Replacement } from './operator.ts';
import { bodyOf, indentAt, type SourceFile, startsLine } from './source.ts';
import type { SyntaxNode } from './syntax.ts';

/** Puts a line of code (or several, the first one unindented) before a statement. */
export function before(file: SourceFile, statement: SyntaxNode, text: string): Replacement {
  const gap = startsLine(file, statement) ? `${file.eol}${indentAt(file, statement.start)}` : separator(file);
  return { start: statement.start, end: statement.start, text: `${text}${gap}` };
}

/** Puts a line of code after a statement, at its indentation. */
export function after(file: SourceFile, statement: SyntaxNode, text: string): Replacement {
  const ended = /[;}]\s*$/.test(statement.text) || file.language.family === 'python';
  const gap = startsLine(file, statement)
    ? `${file.eol}${indentAt(file, statement.start)}`
    : file.language.family === 'python'
      ? '; '
      : ' ';
  return { start: statement.end, end: statement.end, text: `${ended ? '' : ';'}${gap}${text}` };
}

/** Takes a statement out, with its line when it has one of its own; an empty Python block keeps a `pass`. */
export function without(file: SourceFile, statement: SyntaxNode): Replacement {
  const alone = statement.parent ? bodyOf(statement.parent).length === 1 : false;
  if (alone && file.language.family === 'python') return { start: statement.start, end: statement.end, text: 'pass' };
  if (!startsLine(file, statement)) return { start: statement.start, end: statement.end, text: '' };
  const line = lineStart(file.text, statement.start);
  const rest = /^[ \t;]*(?=\r?\n|$)/.exec(file.text.slice(statement.end, statement.end + 200));
  if (!rest) return { start: statement.start, end: statement.end, text: '' };
  const end = statement.end + rest[0].length;
  const start = line === 0 ? 0 : line - (file.text[line - 2] === '\r' ? 2 : 1);
  return line === 0
    ? { start, end: Math.min(file.text.length, end + file.eol.length), text: '' }
    : { start, end, text: '' };
}

/** The statement's text with its lines indented for another place. */
export function reindented(file: SourceFile, statement: SyntaxNode, indent: string): string {
  const own = indentAt(file, statement.start);
  return statement.text
    .split(/\r?\n/)
    .map((line, at) => (at === 0 || !line.startsWith(own) ? line : indent + line.slice(own.length)))
    .join(file.eol);
}

function separator(file: SourceFile): string {
  return file.language.family === 'python' ? '; ' : ' ';
}
