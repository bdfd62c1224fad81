import { basename, delimiter } from 'node:path';
import type { Environment } from './runner.ts';
import { REPORTERS_DIR } from './runtime-files.ts';

/** A Python module run as a program: `python -X -m module args`, or through `coverage run -m`. */
export interface PythonModule {
  readonly interpreter: string;
  readonly interpreterArgs: readonly string[];
  /** Words before the module's name. */
  readonly head: readonly string[];
  readonly module: string;
  readonly args: readonly string[];
  /** Whether `PYTHONPATH` reaches it. */
  readonly readsEnvironment: boolean;
}

const VALUES = /^(-W|-X|--check-hash-based-pycs)$/;

export function isPython(word: string | undefined): boolean {
  return /^(python|pypy)[\d.]*(\.exe)?$/.test(basename(word ?? ''));
}

/** How these words run a module, or `null`. */
export function pythonModule(words: readonly string[]): PythonModule | null {
  const at = isPython(words[0])
    ? pastOptions(words)
    : words.slice(0, 2).join(' ') === 'coverage run'
      ? words.indexOf('-m')
      : -1;
  if (at < 1 || words[at] !== '-m' || words[at + 1] === undefined) return null;
  const interpreterArgs = isPython(words[0]) ? words.slice(1, at) : [];
  return {
    interpreter: isPython(words[0]) ? words[0]! : 'python',
    interpreterArgs,
    head: words.slice(0, at + 1),
    module: words[at + 1]!,
    args: words.slice(at + 2),
    readsEnvironment: !interpreterArgs.some((word) => /^-[a-zA-Z]*[IE]/.test(word) && !/^-[WX]/.test(word)),
  };
}

/** Index of the first word after the interpreter's own options. */
export function pastOptions(words: readonly string[]): number {
  let at = 1;
  while (at < words.length && words[at]!.startsWith('-') && words[at] !== '-m' && words[at] !== '-c')
    at += VALUES.test(words[at]!) ? 2 : 1;
  return at;
}

/** `PYTHONPATH` with our reporters added at its end. */
export function withReporters(environment: Environment, own: Readonly<Record<string, string>>): string {
  const before = own.PYTHONPATH ?? environment.PYTHONPATH;
  return before ? `${before}${delimiter}${REPORTERS_DIR}` : REPORTERS_DIR;
}
