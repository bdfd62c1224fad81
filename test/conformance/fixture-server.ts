// Serves what the official conformance suite asks of a server, on the transport code that Maestro ships: node fixture-server.ts
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import { serveHttp } from '../../src/mcp/http.ts';
import { addInputFixtures } from './input-fixtures.ts';
import { addPromptFixtures } from './prompt-fixtures.ts';
import { addResourceFixtures } from './resource-fixtures.ts';
import { addToolFixtures } from './tool-fixtures.ts';

const codec = createRequestStateCodec<{ step: number }>({
  key: crypto.getRandomValues(new Uint8Array(32)),
  ttlSeconds: 600,
});

function build(): McpServer {
  const server = new McpServer(
    { name: 'fixtures', version: '1' },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { listChanged: false, subscribe: true },
        logging: {},
        completions: {},
      },
      requestState: { verify: codec.verify },
    },
  );
  addToolFixtures(server);
  addInputFixtures(server, (step) => codec.mint({ step }));
  addResourceFixtures(server);
  addPromptFixtures(server);
  return server;
}

const { url, close } = await serveHttp(build, { port: 0, log: (text) => console.error(text) });
console.log(url);
process.once('SIGTERM', () => void close().then(() => process.exit(0)));
