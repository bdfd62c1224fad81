import { join } from 'node:path';
import type { HostDefinition, Surroundings } from '../setup/host.ts';
import { tomlFormat } from '../setup/toml-format.ts';

export const host: HostDefinition = {
  id: 'codex',
  title: 'Codex',
  programs: ['codex'],
  traces: (surroundings) => [folder(surroundings)],
  file: (scope, surroundings) =>
    scope === 'user' ? join(folder(surroundings), 'config.toml') : join(surroundings.cwd, '.codex', 'config.toml'),
  format: tomlFormat,
  path: ['mcp_servers', 'maestro'],
  // Codex hands a server HOME, PATH, SHELL, LANG and TERM only, and what is named here.
  entry: ({ command, args, fetches }, { keys, plain }) => ({
    command,
    args,
    env_vars: [...keys, ...plain],
    ...(fetches && { startup_timeout_sec: 60 }),
  }),
  afterwards: 'Start a new session; /mcp shows the server. A project file counts only where Codex trusts the project.',
};

function folder({ env, home }: Surroundings): string {
  return env.CODEX_HOME || join(home, '.codex');
}
