import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Installed packages and interpreters: large, made by a tool, and never what is to be mended. */
const DEPENDENCIES = new Set(
  'node_modules bower_components .venv venv virtualenv __pypackages__ .tox .nox .eggs Pods elm-stuff .bundle .pixi .direnv'.split(
    ' ',
  ),
);

/** Left by tools, of no use to a run that starts afresh; some would even mislead it. */
const CACHES = new Set(
  '.git .hg .svn .jj __pycache__ .pytest_cache .mypy_cache .ruff_cache .hypothesis .nyc_output .parcel-cache .turbo .DS_Store .gradle'.split(
    ' ',
  ),
);

/** Names that are dependencies in one tool's hands and source code in another's, with what tells them apart. */
const MARKED: Readonly<Record<string, readonly string[]>> = {
  vendor: ['autoload.php', 'modules.txt', 'bundle', 'cache'],
  env: ['pyvenv.cfg'],
  target: ['CACHEDIR.TAG'],
};

/** Whether a folder called `name`, lying in `parent`, holds installed dependencies. */
export function isDependencyFolder(parent: string, name: string): boolean {
  return DEPENDENCIES.has(name) || (MARKED[name]?.some((marker) => existsSync(join(parent, name, marker))) ?? false);
}

/** Whether a file or folder of this name is a tool's cache or a version control folder. */
export function isCache(name: string): boolean {
  return CACHES.has(name) || name.endsWith('.pyc');
}

/** The part of a path up to its outermost dependency folder, or `null`; for paths that are not looked up. */
export function dependencyFolderOf(path: string): string | null {
  const parts = path.split('/');
  const at = parts.slice(0, -1).findIndex((part) => DEPENDENCIES.has(part));
  return at === -1 ? null : parts.slice(0, at + 1).join('/');
}
