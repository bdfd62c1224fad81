import { readToml, type TomlStatement } from '../../platform/toml-read.ts';
import { TomlError } from '../../platform/toml-text.ts';
import { badConfig, type ConfigFormat, edited, layoutOf, type ServerEntry, sameValue } from './config-format.ts';

/** Settings in TOML: an entry is a table of its own at the end of the file. */
export const tomlFormat: ConfigFormat = {
  read: (text, path) => entryOf(statementsOf(text), path),
  put,
  drop,
};

function put(text: string, path: readonly string[], entry: ServerEntry): string {
  const statements = statementsOf(text);
  const there = entryOf(statements, path);
  if (there && sameValue({ ...there, ...entry }, there)) return text;
  refuseClosed(statements, path);
  const header = statements.find((one) => one.kind === 'table' && same(one.path, path));
  return header ? mend(text, statements, header, entry) : append(text, path, entry);
}

function append(text: string, path: readonly string[], entry: ServerEntry): string {
  const { eol } = layoutOf(text);
  const gap = text === '' || text === '\uFEFF' ? '' : text.endsWith('\n') ? eol : eol + eol;
  const lines = [`[${path.map(printedKey).join('.')}]`, ...Object.entries(entry).map(line)];
  return `${text}${gap}${lines.join(eol)}${eol}`;
}

/** Sets keys of a table that is there; what else is in it stays. */
function mend(text: string, statements: readonly TomlStatement[], header: TomlStatement, entry: ServerEntry): string {
  const { eol } = layoutOf(text);
  const own = pairsOf(statements, header);
  const last = own.at(-1) ?? header;
  const at = lineEnd(text, last.end);
  const edits = Object.entries(entry).flatMap(([key, value]) => {
    const there = own.find((one) => same(one.path, [...header.path, key]));
    if (there && sameValue(there.value, value)) return [];
    if (there) return [{ from: there.valueStart, to: there.end, by: printed(value) }];
    return [{ from: at, to: at, by: `${eol}${line([key, value])}` }];
  });
  const added = edits.filter(({ from }) => from === at);
  const changed = edits.filter(({ from }) => from !== at);
  const together = { from: at, to: at, by: added.map(({ by }) => by).join('') };
  return edited(text, added.length > 0 ? [...changed, together] : changed);
}

/** Takes the table out, and those below it, each with the empty line in front of it. */
function drop(text: string, path: readonly string[]): string {
  const statements = statementsOf(text);
  const ranges = statements
    .filter((one) => (one.kind === 'pair' ? same(one.path, path) : startsWith(one.path, path)))
    .map((one) => rangeOf(text, statements, one));
  return edited(
    text,
    ranges.map((range) => ({ ...range, by: '' })),
  );
}

function rangeOf(text: string, statements: readonly TomlStatement[], one: TomlStatement) {
  const last = one.kind === 'pair' ? one : (pairsOf(statements, one).at(-1) ?? one);
  const end = lineEnd(text, last.end);
  const start = text.lastIndexOf('\n', one.start) + 1;
  const gap = one.kind === 'pair' ? 0 : (/\r?\n$/.exec(text.slice(0, start).replace(/\r?\n$/, ''))?.[0].length ?? 0);
  const rest = text.slice(end).startsWith('\r\n') ? end + 2 : Math.min(end + 1, text.length);
  return { from: start - gap, to: rest };
}

/** The pairs between a header and the next. */
function pairsOf(statements: readonly TomlStatement[], header: TomlStatement): TomlStatement[] {
  const rest = statements.slice(statements.indexOf(header) + 1);
  const next = rest.findIndex(({ kind }) => kind !== 'pair');
  return next < 0 ? rest : rest.slice(0, next);
}

function statementsOf(text: string): TomlStatement[] {
  try {
    return readToml(text);
  } catch (error) {
    if (error instanceof TomlError) throw badConfig(`line ${error.line}: ${error.message}`);
    throw error;
  }
}

function entryOf(statements: readonly TomlStatement[], path: readonly string[]): ServerEntry | undefined {
  const inline = statements.find((one) => one.kind === 'pair' && same(one.path, path));
  if (inline && !isTable(inline.value)) throw badConfig(`${path.join('.')} is not a table`);
  if (inline) return inline.value as ServerEntry;
  refuseClosed(statements, path);
  const below = statements.filter((one) => startsWith(one.path, path));
  if (below.length === 0) return undefined;
  const pairs = below.filter((one) => one.kind === 'pair' && one.path.length === path.length + 1);
  return Object.fromEntries(pairs.map((one) => [one.path.at(-1)!, one.value]));
}

/** Refuses forms in which a table can have no part added by a line of its own. */
function refuseClosed(statements: readonly TomlStatement[], path: readonly string[]): void {
  const form = `write it as a table, [${path.join('.')}], then run this again; it was not touched`;
  const around = statements.find(
    (one) => one.kind !== 'table' && one.path.length <= path.length && startsWith(path, one.path),
  );
  if (around) throw badConfig(`${around.path.join('.')} is not written as a table`, form);
  const header = statements.some((one) => one.kind === 'table' && same(one.path, path));
  const dotted = statements.some(
    (one) => one.kind === 'pair' && one.path.length > path.length && startsWith(one.path, path),
  );
  if (dotted && !header) throw badConfig(`${path.join('.')} is written with dotted keys`, form);
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((step, index) => path[index] === step);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where the line that an offset is in ends, before its line break. */
function lineEnd(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  if (lineBreak < 0) return text.length;
  return text[lineBreak - 1] === '\r' ? lineBreak - 1 : lineBreak;
}

function line([key, value]: [string, unknown]): string {
  return `${printedKey(key)} = ${printed(value)}`;
}

function printedKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** Strings as JSON has them are strings as TOML has them, but for the delete character. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
  if (!isTable(value)) return String(value);
  return `{ ${Object.entries(value as ServerEntry)
    .map(line)
    .join(', ')} }`;
}
