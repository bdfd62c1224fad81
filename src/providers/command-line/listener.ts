import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Json, listAt, textAt } from './json-lines.ts';

/** A server on loopback that answers every request with an error and remembers what tools it was offered. */
export interface Listener {
  readonly url: string;
  /** How many requests to a model came, and the names of the tools in them. */
  seen(): { readonly requests: number; readonly tools: readonly string[] };
  close(): Promise<void>;
}

const LARGEST_BODY = 16 * 1024 * 1024;

/** Starts it on a free port. */
export async function startListener(): Promise<Listener> {
  const tools = new Set<string>();
  let requests = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (body !== null && request.method === 'POST') {
        requests++;
        for (const tool of offeredTools(body)) tools.add(tool);
      }
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"invalid_request_error","message":"only looking"}}');
    });
  });
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => ({ requests, tools: [...tools] }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The names of the tools that a request in any of the three dialects offers, those in additional items included. */
function offeredTools(body: Json): string[] {
  const offers = [body, ...listAt(body, 'input')].flatMap((part) => [
    ...listAt(part, 'tools'),
    ...listAt(part, 'additional_tools'),
  ]);
  return offers.flatMap((tool) =>
    'functionDeclarations' in tool ? listAt(tool, 'functionDeclarations').map(nameOf) : [nameOf(tool)],
  );
}

function nameOf(tool: Json): string {
  return textAt(tool, 'name') ?? textAt(tool, 'type') ?? Object.keys(tool)[0] ?? 'unnamed';
}

async function bodyOf(request: IncomingMessage): Promise<Json | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > LARGEST_BODY) return null;
      chunks.push(chunk as Buffer);
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return typeof body === 'object' && body !== null ? (body as Json) : null;
  } catch {
    return null;
  }
}
