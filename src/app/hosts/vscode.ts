import { join } from 'node:path';
import type { HostDefinition, Surroundings } from '../setup/host.ts';
import { jsonFormat } from '../setup/json-format.ts';

export const host: HostDefinition = {
  id: 'vscode',
  title: 'VS Code',
  programs: ['code'],
  traces: (surroundings) => [folder(surroundings)],
  file: (scope, surroundings) =>
    scope === 'user' ? join(folder(surroundings), 'mcp.json') : join(surroundings.cwd, '.vscode', 'mcp.json'),
  format: jsonFormat({ comments: true, trailingCommas: true }),
  path: ['servers', 'maestro'],
  entry: ({ command, args }) => ({ type: 'stdio', command, args }),
  afterwards: 'Run "MCP: List Servers" in VS Code and start it.',
};

/** The user folder of the default profile. */
function folder({ env, home, platform }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Code', 'User');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Code', 'User');
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'Code', 'User');
}
