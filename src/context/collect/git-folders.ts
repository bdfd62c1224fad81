import { dirname, join, resolve } from 'node:path';
import { factsOf } from './facts.ts';
import { readBytes } from './read-text.ts';

/** The folders of the repository that a folder lies in. */
export interface GitFolders {
  /** Where its working tree begins. */
  readonly top: string;
  /** What belongs to this working tree: its index, its HEAD. */
  readonly own: string;
  /** What all working trees of the repository share; the same folder where there is only one. */
  readonly shared: string;
}

const LARGEST = 4_096;

/**
 * The repository around `folder` (a real path), found without git; `none` where there is no `.git` on the way up, so that
 * git finds none either, and `unclear` for whatever is not usual: only git can say.
 */
export function gitFoldersOf(folder: string): GitFolders | 'none' | 'unclear' {
  let isBareBelow = false;
  for (let top = folder; ; top = dirname(top)) {
    const found = factsOf(join(top, '.git'));
    if (found) {
      if (isBareBelow) return 'unclear';
      const own = found.isDirectory()
        ? join(top, '.git')
        : found.isFile()
          ? named(join(top, '.git'), 'gitdir: ')
          : null;
      return own === null ? 'unclear' : repositoryAt(top, own);
    }
    // A repository without a working tree would be found here, before what is further up.
    isBareBelow ||= factsOf(join(top, 'HEAD')) !== undefined;
    if (top === dirname(top)) return 'none';
  }
}

function repositoryAt(top: string, own: string): GitFolders | 'unclear' {
  const shared = factsOf(join(own, 'commondir')) ? named(join(own, 'commondir'), '') : own;
  if (shared === null || !factsOf(join(own, 'HEAD'))?.isFile()) return 'unclear';
  const isWhole = ['objects', 'refs'].every((name) => factsOf(join(shared, name))?.isDirectory());
  return isWhole ? { top, own, shared } : 'unclear';
}

/** The path in a file of one line, resolved from the file's folder. */
function named(file: string, prefix: string): string | null {
  const bytes = readBytes(file, LARGEST);
  if (typeof bytes === 'string') return null;
  const text = bytes.toString('utf8').replace(/[\r\n]+$/, '');
  return text.startsWith(prefix) && text.length > prefix.length && !text.includes('\n')
    ? resolve(dirname(file), text.slice(prefix.length))
    : null;
}
