import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { makeFolder } from './make-folder.ts';

/** Where Maestro keeps its state, created with access for its user only. Throws as `statePath`, and `store_unwritable` or `disk_full` where it cannot be created. */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const folder = statePath(env, platform);
  try {
    makeFolder(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk_full' : 'store_unwritable';
    throw new MaestroError(
      code,
      `the state folder ${folder} cannot be created: ${whyNot(cause as NodeJS.ErrnoException)}`,
      'Set MAESTRO_HOME to a folder you may write to.',
      { cause },
    );
  }
  return folder;
}

/**
 * The path of the state folder, whether it is there or not: `MAESTRO_HOME`, else `maestro` in `XDG_STATE_HOME` (ignored unless
 * absolute, as its specification says), else in the system's usual place for state. Throws `bad_config` for a `MAESTRO_HOME`
 * that is relative: it would be another folder, and another ledger, wherever a command is run.
 */
export function statePath(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.MAESTRO_HOME && !isAbsolute(env.MAESTRO_HOME))
    throw new MaestroError(
      'bad_config',
      `MAESTRO_HOME is '${env.MAESTRO_HOME}', which is no absolute path`,
      'set it to the absolute path of a folder, or unset it',
    );
  if (env.MAESTRO_HOME) return resolve(env.MAESTRO_HOME);
  if (env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)) return join(env.XDG_STATE_HOME, 'maestro');
  const home = env.HOME || env.USERPROFILE || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'maestro');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'maestro');
  return join(home, '.local', 'state', 'maestro');
}

function whyNot({ code, path, message }: NodeJS.ErrnoException): string {
  if (code === 'EEXIST' || code === 'ENOTDIR') return `a file is in the way at ${path}`;
  return (
    { EACCES: 'you may not write there', EPERM: 'you may not write there', EROFS: 'the disk is read-only' }[
      code ?? ''
    ] ?? message
  );
}
