import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { factsOf, realPath } from './facts.ts';
import type { GitFolders } from './git-folders.ts';
import { readBytes } from './read-text.ts';

const MOST_FILES = 64;
const EXCLUDES = /excludesfile[ \t]*(?:=[ \t]*(.*))?$/gim;
const INCLUDES = /\[[ \t]*include/i;
const INCLUDED = /(?:^|\])[ \t]*path[ \t]*=[ \t]*(.*)$/gim;
const WORKING_TREE = /(?:^|\])[ \t]*worktree[ \t]*=[ \t]*(.*)$/gim;
/** Settings that hold on one branch only. */
const BY_BRANCH = /onbranch/i;
const PLAIN_PATH = /^("?)((?:~\/|\.{0,2}\/)?[\w@.+/ -]*[\w@.+/-])\1$/;

/**
 * Every file outside of the tree that says what git lists there, whether it is there or not: settings (the system's, the
 * user's, the repository's, and what these include) and lists of what is ignored. `null` where that is not plain to see.
 */
export function settingFiles(git: GitFolders, env: NodeJS.ProcessEnv = process.env): readonly string[] | null {
  const home = env.HOME ?? homedir();
  const user = join(env.XDG_CONFIG_HOME || join(home, '.config'), 'git');
  const settings = [
    ...systemSettings(env),
    join(home, '.gitconfig'),
    join(user, 'config'),
    join(git.shared, 'config'),
    join(git.own, 'config.worktree'),
  ];
  const lists = [join(user, 'ignore'), join(git.shared, 'info', 'exclude')];
  for (let i = 0; i < settings.length; i++) {
    const named = namedIn(settings[i]!, home, git);
    if (named === null || settings.length > MOST_FILES) return null;
    settings.push(...named.settings.filter((path) => !settings.includes(path)));
    lists.push(...named.lists);
  }
  // A link is one of the files, and what it leads to is another.
  return [...new Set([...settings, ...lists].flatMap((path) => [path, realPath(path) ?? path]))];
}

/** The git that is found on the PATH. */
export function gitOnPath({ PATH = '' }: NodeJS.ProcessEnv = process.env): string | undefined {
  return PATH.split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => ['git', 'git.exe'].map((name) => join(folder, name)))
    .find((path) => factsOf(path));
}

/** What that git may read as the system's settings. */
function systemSettings(env: NodeJS.ProcessEnv): string[] {
  const found = gitOnPath(env);
  const programs = found ? [found, realPath(found) ?? found] : [];
  return [...new Set(['/etc/gitconfig', ...programs.map((path) => join(dirname(path), '..', 'etc', 'gitconfig'))])];
}

/** Files that a file of settings names; none when it is not there, `null` when it is not plain. */
function namedIn(
  path: string,
  home: string,
  git: GitFolders,
): { readonly settings: readonly string[]; readonly lists: readonly string[] } | null {
  const real = realPath(path);
  if (real === null) return { settings: [], lists: [] };
  const bytes = readBytes(real);
  if (typeof bytes === 'string') return null;
  const text = bytes.toString('utf8');
  const absolute = (value: string | undefined, base: string | null): string | null => {
    const [, , plain] = PLAIN_PATH.exec(value?.trim() ?? '') ?? [];
    if (plain === undefined) return null;
    if (plain.startsWith('~/')) return join(home, plain.slice(2));
    return isAbsolute(plain) || base !== null ? resolve(base ?? '/', plain) : null;
  };
  const lists = [...text.matchAll(EXCLUDES)].map(([, value]) => absolute(value, null));
  const settings = INCLUDES.test(text)
    ? [...text.matchAll(INCLUDED)].map(([, value]) => absolute(value, dirname(path)))
    : [];
  const trees = [...text.matchAll(WORKING_TREE)].map(([, value]) => absolute(value, git.own));
  if (BY_BRANCH.test(text) || lists.includes(null) || settings.includes(null)) return null;
  if (trees.some((tree) => tree !== git.top)) return null;
  return { settings: settings as string[], lists: lists as string[] };
}
