import { join } from 'node:path';
import type { HostDefinition, Surroundings } from '../setup/host.ts';
import { jsonFormat } from '../setup/json-format.ts';

export const host: HostDefinition = {
  id: 'claude',
  title: 'Claude Code',
  programs: ['claude'],
  traces: (surroundings) => [userFile(surroundings), join(surroundings.home, '.claude')],
  file: (scope, surroundings) => (scope === 'user' ? userFile(surroundings) : join(surroundings.cwd, '.mcp.json')),
  format: jsonFormat({ comments: false, trailingCommas: false }),
  path: ['mcpServers', 'maestro'],
  entry: ({ command, args }) => ({ type: 'stdio', command, args }),
  afterwards: 'Start a new session; /mcp shows the server.',
};

function userFile({ env, home }: Surroundings): string {
  return join(env.CLAUDE_CONFIG_DIR || home, '.claude.json');
}
