import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/** Options of node whose value is a word of its own. */
const NODE_VALUES =
  /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--env-file-if-exists|--test-(reporter|reporter-destination|name-pattern|skip-pattern|concurrency|timeout|shard|coverage-\w+))$/;

/** A program of a package, run by its name or by `node path/to/it`. */
export interface NodeProgram {
  readonly interpreter: string;
  readonly interpreterArgs: readonly string[];
  /** Words up to and including the program. */
  readonly head: readonly string[];
  readonly args: readonly string[];
}

export function isNode(word: string | undefined): boolean {
  return /^(node|nodejs|tsx)(\.exe)?$/.test(basename(word ?? ''));
}

/** How these words run the package's program, or `null`. */
export function nodeProgram(words: readonly string[], name: string): NodeProgram | null {
  const direct = basename(words[0] ?? '').replace(/\.(cmd|exe)$/, '');
  if (direct === name)
    return { interpreter: 'node', interpreterArgs: [], head: words.slice(0, 1), args: words.slice(1) };
  if (!isNode(words[0])) return null;
  const file = words[firstOperand(words, 1)];
  const at = firstOperand(words, 1);
  if (
    file === undefined ||
    !new RegExp(`(?:^|/)node_modules/(?:\\.bin/_?${name}$|${name}(?:-cli)?/(?:bin/)?_?${name}(?:\\.[cm]?js)?$)`).test(
      file,
    )
  )
    return null;
  return {
    interpreter: words[0]!,
    interpreterArgs: words.slice(1, at),
    head: words.slice(0, at + 1),
    args: words.slice(at + 1),
  };
}

/** Index of the first word that is neither an option of node nor the value of one. */
export function firstOperand(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && words[at]!.startsWith('-') && words[at] !== '--')
    at += NODE_VALUES.test(words[at]!) ? 2 : 1;
  return at;
}

/** Whether a script is one that runs tests with `node:test` when started by itself. */
export function importsNodeTest(word: string | undefined, cwd: string): boolean {
  if (word === undefined || !/\.[cm]?[jt]sx?$/.test(word)) return false;
  try {
    return /['"]node:test['"]/.test(readFileSync(resolve(cwd, word), 'utf8').slice(0, 200_000));
  } catch {
    return false;
  }
}
