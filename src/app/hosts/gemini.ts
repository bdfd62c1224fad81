import { join } from 'node:path';
import type { HostDefinition } from '../setup/host.ts';
import { jsonFormat } from '../setup/json-format.ts';

export const host: HostDefinition = {
  id: 'gemini',
  title: 'Gemini CLI',
  programs: ['gemini'],
  traces: ({ home }) => [join(home, '.gemini')],
  file: (scope, { home, cwd }) => join(scope === 'user' ? home : cwd, '.gemini', 'settings.json'),
  format: jsonFormat({ comments: true, trailingCommas: false }),
  path: ['mcpServers', 'maestro'],
  // Gemini keeps back what is called KEY or TOKEN unless it is named here; it fills in the values itself.
  entry: ({ command, args }, { keys }) => ({
    command,
    args,
    env: Object.fromEntries(keys.map((name) => [name, `\${${name}:-}`])),
  }),
  afterwards: 'Start a new session in a folder that Gemini trusts; /mcp shows the server.',
};
