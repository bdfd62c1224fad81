import { join } from 'node:path';
import type { HostDefinition } from '../setup/host.ts';
import { jsonFormat } from '../setup/json-format.ts';

export const host: HostDefinition = {
  id: 'cursor',
  title: 'Cursor',
  programs: ['cursor', 'cursor-agent'],
  traces: ({ home }) => [join(home, '.cursor')],
  file: (scope, { home, cwd }) => join(scope === 'user' ? home : cwd, '.cursor', 'mcp.json'),
  format: jsonFormat({ comments: true, trailingCommas: true }),
  path: ['mcpServers', 'maestro'],
  entry: ({ command, args }) => ({ type: 'stdio', command, args }),
  afterwards: 'Cursor notices the change; Settings > Tools & MCP shows the server.',
};
