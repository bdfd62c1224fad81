import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, type McpServer } from '@modelcontextprotocol/server';
import { MaestroError } from '../domain/errors.ts';
import { HttpSessions } from './http-sessions.ts';

/** Nothing beyond this machine may reach a server that can spend money and read code. */
const LOOPBACK = '127.0.0.1';
const PATH = '/mcp';

export interface HttpServing {
  /** Where clients connect to. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves MCP over Streamable HTTP at /mcp on loopback, both eras; port 0 takes a free one. Requests from elsewhere by name
 * (host or origin) are refused. Throws `usage` when the port is taken.
 */
export async function serveHttp(
  make: () => McpServer | Promise<McpServer>,
  { port, log }: { readonly port: number; readonly log: (text: string) => void },
): Promise<HttpServing> {
  const onerror = ({ message }: Error): void => log(message);
  const modern = createMcpHandler(make, { legacy: 'reject', onerror });
  const sessions = new HttpSessions(make);
  const fetch = async (request: Request): Promise<Response> =>
    (await isLegacyRequest(request)) ? sessions.answer(request) : modern.fetch(request);
  const answer = toNodeHandler({ fetch }, { onerror });
  const [fromHere, byOurPage] = [localhostHostValidation(), localhostOriginValidation()];
  const server = createServer((request, response) => {
    if (!fromHere(request, response) || !byOurPage(request, response)) return;
    if (new URL(request.url ?? '/', 'http://localhost').pathname === PATH)
      return void answer(request as Parameters<typeof answer>[0], response);
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`Maestro serves MCP at ${PATH}.\n`);
  });
  await listening(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${taken}${PATH}`,
    close: async () => {
      await Promise.all([modern.close(), sessions.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const what = `port ${port} cannot be used (${cause.code})`;
      reject(new MaestroError('usage', what, 'give another one with --port, or 0 for any', { cause }));
    });
    server.listen(port, LOOPBACK, resolve);
  });
}
