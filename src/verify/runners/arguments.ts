/** A command line split by which options take a value of their own word. */
export interface SplitArguments {
  /** Words that are neither options nor their values. */
  readonly positional: readonly string[];
  /** Options with their values, as written. */
  readonly options: readonly string[];
}

/** Splits words; `withValue` names the options whose value is the next word. All words after `--` are positional. */
export function splitArguments(words: readonly string[], withValue: RegExp): SplitArguments {
  const positional: string[] = [];
  const options: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      positional.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') positional.push(word);
    else {
      options.push(word);
      if (withValue.test(word) && at + 1 < words.length) options.push(words[++at]!);
    }
  }
  return { positional, options };
}

/** The parts of an id that reports settle: its file, where known, and its suites and name. */
export function idParts(id: string): { file: string | null; path: readonly string[] } {
  const found = id.indexOf('::');
  const at = id.slice(0, Math.max(0, found)).includes(' > ') ? -1 : found;
  const name = (at < 0 ? id : id.slice(at + 2)).replace(/ #\d+$/, '');
  return { file: at < 0 ? null : id.slice(0, at), path: name.split(' > ') };
}

/** An expression that matches the text itself, for options that take an expression. */
export function escapeExpression(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const MAX_PATTERN = 8_000;

/** One expression for the last names of these ids, or `null` when a stand-in is among them or it would be too long. */
export function namePattern(ids: readonly string[]): string | null {
  const names = new Set<string>();
  for (const id of ids) {
    const last = idParts(id).path.at(-1) ?? '';
    if (last === '' || /\((?:file|hook|process exit|unhandled error)\)$/.test(last)) return null;
    names.add(escapeExpression(last));
  }
  const pattern = [...names].join('|');
  return pattern.length > MAX_PATTERN ? null : pattern;
}

/** Files of these ids, or `null` when one has none. */
export function filesOf(ids: readonly string[]): readonly string[] | null {
  const files = new Set<string>();
  for (const id of ids) {
    const { file } = idParts(id);
    if (file === null) return null;
    files.add(file);
  }
  return [...files];
}
