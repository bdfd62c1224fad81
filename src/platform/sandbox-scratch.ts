import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { isInside } from './files.ts';
import { runProcess } from './process.ts';

/** Puts a command line into what confines it. */
export type Confine = (argv: readonly string[]) => string[];

/** What a confined program needs: `folder` it may write in; `program` and `readable` it may read. Absolute paths. */
export interface ScratchView {
  readonly folder: string;
  readonly program: string;
  readonly readable: readonly string[];
}

/** The system's own files, and none of any user. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/etc',
  '/opt',
  '/nix/store',
  '/run/systemd/resolve',
];
const TRY_MS = 5_000;

/**
 * A way to run a program, with the network, where it sees the system, itself and one folder that it may write, and no
 * file of the user. Null where bubblewrap is not on the path or does not work; it is tried.
 */
export async function confineToScratch(view: ScratchView, path: string, signal: AbortSignal): Promise<Confine | null> {
  const bwrap = onPath('bwrap', path);
  if (bwrap === null) return null;
  const confine: Confine = (argv) => [bwrap, ...confinement(view), '--', ...argv];
  const { exitCode } = await runProcess(
    { argv: confine(['/bin/sh', '-c', ':']), cwd: '/', env: { PATH: path } },
    { timeLimitMs: TRY_MS, outputCapBytes: 1_000, signal },
  );
  return exitCode === 0 ? confine : null;
}

function confinement({ folder, program, readable }: ScratchView): string[] {
  const shown = [...homesOf(program), ...homesOf(process.execPath), ...readable].filter(
    (path) => !SYSTEM.some((system) => isInside(system, path)),
  );
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent', '--cap-drop', 'ALL'],
    ...[...SYSTEM, ...new Set(shown)].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'],
    ...shown.filter((path) => isInside('/tmp', path)).flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--bind', folder, folder, '--chdir', join(folder, 'cwd')],
  ];
}

/** Where a program lies with all its parts, as found and as it really is: its package's `node_modules`, else its folder. */
function homesOf(program: string): string[] {
  const paths = [program, existsSync(program) ? realpathSync(program) : program];
  return paths.map((path) => {
    const at = path.indexOf(`${sep}node_modules${sep}`);
    return at === -1 ? dirname(path) : path.slice(0, at + `${sep}node_modules`.length);
  });
}

function onPath(name: string, path: string): string | null {
  const found = path.split(delimiter).filter(isAbsolute);
  return found.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
