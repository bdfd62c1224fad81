import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Where Maestro keeps its state, created with access for its user only: `MAESTRO_HOME`, else `maestro` in
 * `XDG_STATE_HOME` (ignored unless absolute, as its specification says), else in the system's usual place for state.
 * Throws `environment` failures as `workspace_unreadable` when it cannot be created.
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const folder = choose(env, platform);
  try {
    makeFolder(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk_full' : 'workspace_unreadable';
    throw new MaestroError(
      code,
      `the state folder ${folder} cannot be created: ${(cause as Error).message}`,
      'Set MAESTRO_HOME to a folder you may write to.',
      { cause },
    );
  }
  return folder;
}

function choose(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  if (env.MAESTRO_HOME) return resolve(env.MAESTRO_HOME);
  if (env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)) return join(env.XDG_STATE_HOME, 'maestro');
  const home = env.HOME || env.USERPROFILE || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'maestro');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'maestro');
  return join(home, '.local', 'state', 'maestro');
}
