import { InvalidArgumentError } from 'commander';
import type { CommandDefinition } from '../command.ts';
import { print } from '../io.ts';

interface Options {
  readonly port: number;
}

const DEFAULT_PORT = 7337;

export const command: CommandDefinition<Options> = {
  name: 'serve',

  declare: (command) =>
    command
      .description('Serve the seven tools over MCP on Streamable HTTP, to clients on this machine only.')
      .option('--port <port>', 'where to listen; 0 takes a free one', port, DEFAULT_PORT),

  async run(options, { io }) {
    const { serveOverHttp } = await import('../../mcp/serve.ts');
    return serveOverHttp({ whereabouts: io, port: options.port }, (url) => {
      void print(io.stderr, `maestro: serving MCP at ${url} (Ctrl-C ends it)\n`);
    });
  },
};

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return Number(text);
}
