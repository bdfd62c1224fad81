import type { CommandDefinition } from '../command.ts';

export const command: CommandDefinition<object> = {
  name: 'mcp',

  declare: (command) =>
    command.description('Serve the seven tools to an agent over MCP, on standard input and output (hosts start this).'),

  async run(_options, { io }) {
    const { serveOverStdio } = await import('../../mcp/stdio.ts');
    return serveOverStdio(io);
  },
};
