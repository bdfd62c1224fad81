import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { globExpression } from '../../platform/glob.ts';
import { splitArguments } from './arguments.ts';
import { existing, filesUnder } from './test-files.ts';

const VALUES = /^(-k|-s|--start-directory|-p|--pattern|-t|--top-level-directory|--durations)$/;

export interface UnittestTargets {
  readonly files: readonly string[];
  readonly named: readonly string[];
  readonly args: readonly string[];
}

/** Which files `python -m unittest` with these arguments would load, relative to `cwd`. */
export function unittestTargets(args: readonly string[], cwd: string): UnittestTargets {
  const { positional, options } = splitArguments(args, VALUES);
  if (positional[0] === 'discover')
    return { files: discovered(positional.slice(1), options, cwd), named: [], args: options };
  if (positional.length === 0) return { files: discovered([], options, cwd), named: [], args: options };
  const files = positional.map((word) => fileOf(word, cwd)).filter((file) => file !== null);
  return { files: [...new Set(files)].sort(), named: positional, args: options };
}

function discovered(positional: readonly string[], options: readonly string[], cwd: string): string[] {
  const value = (short: string, long: string, at: number) => {
    const index = options.findIndex((word) => word === short || word === long);
    return index >= 0
      ? options[index + 1]
      : (options.find((word) => word.startsWith(`${long}=`))?.slice(long.length + 1) ?? positional[at]);
  };
  const start = value('-s', '--start-directory', 0) ?? '.';
  const pattern = globExpression(value('-p', '--pattern', 1) ?? 'test*.py');
  const folder = existsSync(resolve(cwd, start)) ? resolve(cwd, start) : resolve(cwd, start.replaceAll('.', '/'));
  return filesUnder(folder)
    .filter((file) => pattern.test(file.split('/').at(-1)!) && isPackage(folder, dirname(file)))
    .map((file) => relative(cwd, join(folder, file)));
}

/** Discovery goes into packages only. */
function isPackage(folder: string, path: string): boolean {
  for (let at = path; at !== '.'; at = dirname(at)) if (!existsSync(join(folder, at, '__init__.py'))) return false;
  return true;
}

/** `tests/test_x.py`, `tests.test_x`, `tests.test_x.Class.name`. */
function fileOf(word: string, cwd: string): string | null {
  if (word.endsWith('.py')) return relative(cwd, resolve(cwd, word));
  const parts = word.split('.');
  for (let length = parts.length; length > 0; length--) {
    const stem = parts.slice(0, length).join('/');
    const [found] = existing(cwd, [`${stem}.py`, `${stem}/__init__.py`]);
    if (found) return found;
  }
  return null;
}
