import { MaestroError } from '../../domain/errors.ts';

/** What a host's file is to hold for one server: keys and JSON values. */
export type ServerEntry = Readonly<Record<string, unknown>>;

/**
 * A way of writing settings down. Every function throws `bad_host_config` for a text it cannot read, and changes nothing
 * outside the place it names: comments, order and indentation of everything else stay.
 */
export interface ConfigFormat {
  /** The entry at a path, or undefined. */
  read(text: string, path: readonly string[]): ServerEntry | undefined;
  /** The text with these keys at the path; keys of the entry that are not named stay as they are. */
  put(text: string, path: readonly string[], entry: ServerEntry): string;
  /** The text without the entry. */
  drop(text: string, path: readonly string[]): string;
}

/** The refusal of a host's file, before it knows the file's name. */
export function badConfig(what: string, remedy = 'mend it, then run this again; it was not touched'): MaestroError {
  return new MaestroError('bad_host_config', what, remedy);
}

/** The line break a text uses, and what one step of indentation is in it. */
export function layoutOf(text: string): { readonly eol: string; readonly indent: string } {
  const lineBreak = text.indexOf('\n');
  const indented = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    eol: lineBreak > 0 && text[lineBreak - 1] === '\r' ? '\r\n' : '\n',
    indent: indented.startsWith('\t') ? '\t' : indented,
  };
}

/** Several replacements in one text, none overlapping; those at one place in the order given. */
export function edited(
  text: string,
  edits: ReadonlyArray<{ readonly from: number; readonly to: number; readonly by: string }>,
): string {
  let out = '';
  let done = 0;
  for (const { from, to, by } of [...edits].sort((a, b) => a.from - b.from)) {
    out += text.slice(done, from) + by;
    done = to;
  }
  return out + text.slice(done);
}

/** Whether two JSON values say the same, in whatever order of keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
