import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the user's own settings of Maestro are: `maestro` in `XDG_CONFIG_HOME` (ignored unless absolute, as its
 * specification says), else in the system's usual place for settings. Nothing is looked up and nothing created.
 */
export function configFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.XDG_CONFIG_HOME && isAbsolute(env.XDG_CONFIG_HOME)) return join(env.XDG_CONFIG_HOME, 'maestro');
  const home = env.HOME || env.USERPROFILE || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'maestro');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'maestro');
  return join(home, '.config', 'maestro');
}
