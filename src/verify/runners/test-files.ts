import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { globExpression } from '../../platform/glob.ts';

const IGNORED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.tox',
  '.nox',
  '.venv',
  'venv',
  '__pycache__',
  '.mypy_cache',
]);
const MAX_FILES = 50_000;

/** Files under a folder, relative to it, sorted, `/` separators; dependency and cache folders left out. Links are not followed. */
export function filesUnder(folder: string): string[] {
  const found: string[] = [];
  const open = [''];
  while (open.length > 0 && found.length < MAX_FILES) {
    const at = open.pop()!;
    for (const entry of entries(join(folder, at))) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory() && !IGNORED.has(entry.name)) open.push(path);
      else if (entry.isFile()) found.push(path);
    }
  }
  return found.sort();
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Whether a word of a command is a pattern rather than a path. */
function isGlob(word: string): boolean {
  return /[*?[{]/.test(word);
}

/** Files that words of a command mean: a file itself, the files of a folder that `accepts` takes, or what a pattern matches. */
export function resolveFiles(words: readonly string[], folder: string, accepts: (path: string) => boolean): string[] {
  const found = new Set<string>();
  const all = lazily(() => filesUnder(folder));
  for (const word of words) {
    const path = relative(folder, resolve(folder, word)).split(sep).join('/');
    const kind = kindOf(join(folder, path));
    if (kind === 'file') found.add(path);
    else if (kind === 'folder') for (const file of all()) if (within(file, path) && accepts(file)) found.add(file);
    if (kind === null && isGlob(word)) {
      const expression = globExpression(word);
      for (const file of all()) if (expression.test(file)) found.add(file);
    }
  }
  return [...found].sort();
}

function within(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Those of the names that exist in the folder. */
export function existing(folder: string, names: readonly string[]): string[] {
  return names.filter((name) => existsSync(join(folder, name)));
}
