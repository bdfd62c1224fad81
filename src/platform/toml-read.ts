import { TomlText } from './toml-text.ts';

/** One statement of a TOML document: a table's header, or a key with its value. Offsets are in UTF-16 units. */
export interface TomlStatement {
  readonly kind: 'table' | 'list' | 'pair';
  /** The whole path from the root, so a pair's has its table's in front. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Where a pair's value begins; the statement's end for headers. */
  readonly valueStart: number;
  /** Strings, booleans, decimal integers, lists and tables as such; other numbers and dates as they are written. Null for headers. */
  readonly value: unknown;
}

/** The statements of a TOML 1.0 document in their order; throws a `TomlError` where it is not one, or says something twice. */
export function readToml(source: string): TomlStatement[] {
  const text = new TomlText(source);
  const statements: TomlStatement[] = [];
  const seen = new Defined();
  let table: readonly string[] = [];
  for (text.skipBlank(); !text.atEnd(); text.skipBlank()) {
    const start = text.offset;
    const statement = text.peek() === '[' ? header(text, start) : pair(text, start, table);
    if (statement.kind !== 'pair') table = statement.path;
    if (!seen.add(statement)) text.fail(`${statement.path.join('.')} is there twice`, start);
    statements.push(statement);
    text.endLine();
  }
  return statements;
}

function header(text: TomlText, start: number): TomlStatement {
  const kind = text.take('[[') ? 'list' : 'table';
  if (kind === 'table') text.expect('[');
  text.skipSpace();
  const path = text.key();
  text.skipSpace();
  text.expect(kind === 'list' ? ']]' : ']');
  return { kind, path, start, end: text.offset, valueStart: text.offset, value: null };
}

function pair(text: TomlText, start: number, table: readonly string[]): TomlStatement {
  const path = [...table, ...text.key()];
  text.skipSpace();
  text.expect('=');
  text.skipSpace();
  const valueStart = text.offset;
  const value = text.value();
  return { kind: 'pair', path, start, end: text.offset, valueStart, value };
}

/** What has been said already; every element of a list of tables begins anew. */
class Defined {
  readonly #names = new Set<string>();
  readonly #elements = new Map<string, number>();

  add({ kind, path }: TomlStatement): boolean {
    const name = this.#nameOf(path);
    if (kind === 'list') {
      this.#elements.set(name, (this.#elements.get(name) ?? 0) + 1);
      return true;
    }
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    return true;
  }

  /** The path, with the number of the element wherever it goes through a list of tables. */
  #nameOf(path: readonly string[]): string {
    let name = '';
    for (const step of path) {
      const element = this.#elements.get(name);
      name += `${element === undefined ? '' : `#${element}`}/${JSON.stringify(step)}`;
    }
    return name;
  }
}
