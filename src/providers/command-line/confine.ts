import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkEnvironment } from '../../platform/environment.ts';
import { runProcess } from '../../platform/process.ts';
import type { Scratch } from './program.ts';

/** Where programs, libraries and certificates are; nothing of the user's. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc', '/opt', '/nix/store'];

let works: Promise<boolean> | undefined;

/** Whether bubblewrap works here, found once a process. */
export function canConfine(): Promise<boolean> {
  works ??= tryIt();
  return works;
}

async function tryIt(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const spec = { argv: [...bwrap([]), 'true'], cwd: '/', env: checkEnvironment(), stdin: '' };
  const { exitCode } = await runProcess(spec, {
    timeLimitMs: 5_000,
    outputCapBytes: 4_096,
    signal: new AbortController().signal,
  });
  return exitCode === 0;
}

/**
 * The command inside bubblewrap: the system's own folders and the program's package to read, its scratch folders to
 * write, the network to reach its model, and nothing of the user's, but for the login files named.
 */
export function confined(argv: readonly string[], { root, cwd }: Scratch, loginFiles: readonly string[]): string[] {
  const packages = [dirname(dirname(realpathSync(process.execPath))), packageOf(realpathSync(argv[0]!))];
  const shown = [...packages, ...loginFiles].filter(
    (path) => existsSync(path) && !SYSTEM.some((folder) => path.startsWith(`${folder}/`)),
  );
  const mounts = shown.flatMap((path) => ['--ro-bind', path, path]);
  return [...bwrap([...mounts, '--bind', root, root, '--chdir', cwd]), ...argv];
}

/** The outermost package that a file is in (its dependencies are beside it), or its folder. */
function packageOf(file: string): string {
  const at = file.indexOf('/node_modules/');
  return at < 0 ? dirname(file) : join(file.slice(0, at), 'node_modules');
}

function bwrap(more: readonly string[]): string[] {
  const system = SYSTEM.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]);
  const isolation = [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--die-with-parent',
    '--cap-drop',
    'ALL',
  ];
  return ['bwrap', ...isolation, ...system, '--tmpfs', '/tmp', '--dev', '/dev', '--proc', '/proc', ...more, '--'];
}
