import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** What walking a folder without git came upon; all relative to its root. */
export interface Walked {
  readonly source: 'walk';
  readonly paths: readonly string[];
  /** The folders that were read, the root (`''`) among them. */
  readonly folders: readonly string[];
  /** The `.gitignore` of those that have one. */
  readonly rules: readonly string[];
  /** It stopped at its limit. */
  readonly truncated: boolean;
}

const MOST_FILES = 300_000;
const NEVER_WALKED = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.cache',
]);

/** Finds what no `.gitignore` on the way excludes. */
export function walk(root: string): Walked {
  const paths: string[] = [];
  const read: string[] = [];
  const ruled: string[] = [];
  const walked = (truncated: boolean): Walked => ({ source: 'walk', paths, folders: read, rules: ruled, truncated });
  const folders: { path: string; rules: readonly { base: string; rules: Ignore }[] }[] = [{ path: '', rules: [] }];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path: base } = folder;
    read.push(base);
    const own = gitignoreAt(root, base);
    if (own) ruled.push(base ? `${base}/.gitignore` : '.gitignore');
    const rules = own ? [...folder.rules, { base, rules: own }] : folder.rules;
    for (const entry of entriesOf(join(root, base))) {
      const path = base ? `${base}/${entry.name}` : entry.name;
      const isFolder = entry.isDirectory();
      if (isFolder && NEVER_WALKED.has(entry.name)) continue;
      if (
        rules.some((rule) =>
          rule.rules.ignores(path.slice(rule.base ? rule.base.length + 1 : 0) + (isFolder ? '/' : '')),
        )
      )
        continue;
      if (isFolder) folders.push({ path, rules });
      else if (paths.length >= MOST_FILES) return walked(true);
      else paths.push(path);
    }
  }
  return walked(false);
}

/** What a folder holds; nothing where it cannot be read. */
export function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function gitignoreAt(root: string, folder: string): Ignore | null {
  try {
    return ignore().add(readFileSync(join(root, folder, '.gitignore'), 'utf8'));
  } catch {
    return null;
  }
}
