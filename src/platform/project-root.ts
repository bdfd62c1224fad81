import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Every repository has one of these beside its `HEAD`; a linked worktree has its own and none of these. */
const PARTS = ['objects', 'commondir'];
/** What a `.git` that is a file begins with. */
const POINTER = 'gitdir:';

/**
 * The project that a folder (a real path) belongs to: the nearest folder from it upwards that is the top of a git working tree,
 * be it a submodule, a nested repository or a linked worktree; without one, the folder itself. A repository that is the whole
 * home folder or file system is not the project. Nothing is started: the answer does not depend on what is on the PATH.
 */
export function projectRoot(folder: string, home: string = realHome()): string {
  for (let at = folder; ; at = dirname(at)) {
    if (at === dirname(at) || at === home) return folder;
    if (isWorkingTree(join(at, '.git'))) return at;
  }
}

/** The real path of the user's home folder; as the system gives it where it has none. */
export function realHome(): string {
  try {
    return realpathSync(homedir());
  } catch {
    return homedir();
  }
}

/** A folder called `.git` that holds no repository is passed over, as git does; a file there names one. */
function isWorkingTree(dotGit: string): boolean {
  const kind = kindOf(dotGit);
  if (kind === 'folder') return isThere(join(dotGit, 'HEAD')) && PARTS.some((part) => isThere(join(dotGit, part)));
  return kind === 'file' && textOf(dotGit).startsWith(POINTER);
}

const isThere = (path: string): boolean => kindOf(path) !== null;

/** What may not be looked at is there: whoever closes a repository has not made it another project. */
function kindOf(path: string): 'folder' | 'file' | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : found.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return POINTER;
  }
}
