import { lstatSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { checkEnvironment } from './environment.ts';
import { isInside } from './files.ts';
import { rememberPlaces } from './git-place.ts';
import { type ProcessResult, runProcess } from './process.ts';

/**
 * Overrides whatever a repository's own configuration could start: a file system monitor, hooks, a pager, an external
 * diff, a credential or ssh program. Only commands that read no file contents are run, so filters never come in.
 */
const HARDENED = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=',
  'core.alternateRefsCommand=',
  'credential.helper=',
  'diff.external=',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'safe.directory=*',
].flatMap((setting) => ['-c', setting]);

const TIME_LIMIT_MS = 60_000;
const OUTPUT_CAP_BYTES = 512 * 1024 * 1024;

/**
 * The real path of the working tree that holds `dir`; `null` outside one, without git, in a bare repository, and where a
 * repository's configuration claims a working tree elsewhere.
 */
export async function gitRoot(dir: string, signal?: AbortSignal): Promise<string | null> {
  return (await placeOf(dir, signal)).root;
}

const placeOf = rememberPlaces(async (dir, signal) => {
  const what = ['rev-parse', '--is-bare-repository', '--show-toplevel'];
  const { exitCode, stdout, stderr } = await git(dir, what, signal);
  const [, bare, root = ''] = /^(.*)\n([\s\S]*?)\n?$/.exec(stdout) ?? [];
  const isTree = exitCode === 0 && root !== '' && isInside(root, await realpath(dir));
  const outside = exitCode === 128 && stderr.startsWith('fatal: not a git repository');
  return { root: isTree ? root : null, bare: bare === 'true', outside };
});

/**
 * Files and links under `dir` that git tracks or would track (not ignored), those of submodules and nested repositories
 * included; relative to `dir`, `/` separators, sorted. `null` where `gitRoot` is. Names that are not UTF-8 are left out.
 * With `only`, those at or below one of these paths: git then looks nowhere else.
 */
export async function listFiles(dir: string, signal?: AbortSignal, only?: readonly string[]): Promise<string[] | null> {
  if ((await gitRoot(dir, signal)) === null) return null;
  if (only?.length === 0) return [];
  const wanted = only && Map.groupBy(only, (path) => nestedAbove(dir, path) ?? path);
  const specs = wanted ? ['--', ...wanted.keys()] : [];
  const listing = await git(
    dir,
    ['--literal-pathspecs', 'ls-files', '-z', '-co', '--exclude-standard', ...specs],
    signal,
  );
  signal?.throwIfAborted();
  if (listing.exitCode !== 0 || listing.truncated) throw unreadable(dir, listing);
  const isRealFolder = folderCheck(dir);
  const files = new Set<string>();
  for (const name of listing.stdout.split('\0')) {
    const path = name.replace(/\/$/, '');
    const kind = path === '' || !isRealFolder(dirname(path)) ? null : kindOf(join(dir, path));
    if (kind === 'file') files.add(path);
    if (kind === 'repository') {
      const inside = within(path, wanted);
      for (const inner of (await listFiles(join(dir, path), signal, inside)) ?? []) files.add(`${path}/${inner}`);
    }
  }
  return [...files].sort();
}

/** The outermost repository within `dir` that a path lies in, or `null`. */
function nestedAbove(dir: string, path: string): string | null {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at);
    if (kindOf(join(dir, folder)) === 'repository') return folder;
  }
  return null;
}

/** What is wanted of a nested repository, relative to it; undefined: all of it. */
function within(repository: string, wanted: ReadonlyMap<string, readonly string[]> | undefined) {
  const paths = wanted?.get(repository);
  return paths?.every((path) => path !== repository)
    ? paths.map((path) => path.slice(repository.length + 1))
    : undefined;
}

/** Whether `dir` is in a bare repository: there is no working tree to work on. */
export async function isBareRepository(dir: string, signal?: AbortSignal): Promise<boolean> {
  return (await placeOf(dir, signal)).bare;
}

function git(dir: string, args: readonly string[], signal?: AbortSignal): Promise<ProcessResult> {
  return runProcess(
    { argv: ['git', '--no-pager', ...HARDENED, ...args], cwd: dir, env: gitEnvironment() },
    {
      timeLimitMs: TIME_LIMIT_MS,
      outputCapBytes: OUTPUT_CAP_BYTES,
      signal: signal ?? new AbortController().signal,
    },
  );
}

/** The user's own and the system's git settings hold (what is ignored); `GIT_DIR` and the like do not. */
function gitEnvironment(): Record<string, string> {
  const environment = checkEnvironment();
  const trusted = (environment.PATH ?? '')
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !isProjectFolder(entry));
  return {
    ...environment,
    PATH: trusted.join(delimiter),
    LC_ALL: 'C',
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** A `git` that a project brings along is not the user's git. */
function isProjectFolder(entry: string): boolean {
  return /[\\/]node_modules[\\/]/.test(entry);
}

function kindOf(path: string): 'file' | 'repository' | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() || found?.isSymbolicLink()) return 'file';
  const nested = found?.isDirectory() && lstatSync(join(path, '.git'), { throwIfNoEntry: false });
  return nested ? 'repository' : null;
}

/** Tells folders from links to folders: what git tracked below a folder is not there when a link has taken its place. */
function folderCheck(dir: string): (path: string) => boolean {
  const known = new Map<string, boolean>([['.', true]]);
  const check = (path: string): boolean => {
    let real = known.get(path);
    if (real === undefined) {
      const below = path !== '..' && !isAbsolute(path) && check(dirname(path));
      real = below && (lstatSync(join(dir, path), { throwIfNoEntry: false })?.isDirectory() ?? false);
      known.set(path, real);
    }
    return real;
  };
  return check;
}

function unreadable(dir: string, { output, timedOut }: ProcessResult): MaestroError {
  const why = timedOut ? 'git did not answer in time' : (output.trim().split('\n').at(-1) ?? 'git failed');
  return new MaestroError(
    'workspace_unreadable',
    `git cannot list the files of ${dir}: ${why}`,
    'Run `git status` there and mend what it reports.',
  );
}
