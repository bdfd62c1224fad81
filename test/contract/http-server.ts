import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it arrived; `body` is parsed JSON. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly bytes: number;
}

/** What a server does with one request. */
export type Reply = (response: ServerResponse) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Resolves when a request has arrived that did not count before. */
  readonly arrived: () => Promise<void>;
  /** Resolves when a client has gone away before its reply ended. */
  readonly left: () => Promise<void>;
}

/** A server on loopback that replies as scripted, byte for byte, until the test ends: the last reply repeats. */
export async function serve(...replies: readonly Reply[]): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const [arrival, leaving] = [signal(), signal()];
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    response.on('close', () => {
      if (!response.writableFinished) leaving.give();
    });
    const reply = replies[Math.min(seen.length, replies.length - 1)]!;
    seen.push(await received(request));
    arrival.give();
    reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    arrived: arrival.wait,
    left: leaving.wait,
  };
}

function signal() {
  let give: () => void = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give: () => give(), wait: () => given };
}

async function received(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    body: raw.length === 0 ? null : JSON.parse(raw.toString()),
    bytes: raw.length,
  };
}

type Chunk = string | Uint8Array;

/** Sends the chunks, then does with the reply what is told. */
const streamThen =
  (end: (response: ServerResponse) => void) =>
  (...chunks: readonly Chunk[]): Reply =>
  async (response) => {
    open(response);
    for (const chunk of chunks) await written(response, chunk);
    end(response);
  };

/** A stream of events, cut into chunks as given and ended. */
export const stream = streamThen((response) => response.end());

/** A stream that falls silent, but stays open. */
export const streamThenSilence = streamThen(() => {});

/** A stream whose connection breaks. */
export const streamThenReset = streamThen((response) => response.destroy());

/** A stream of JSON values, one an event. */
export const events = (...values: readonly object[]): Reply =>
  stream(values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''));

/** A stream that never ends: the same chunk for as long as anyone takes it, `everyMs` apart. */
export const endless =
  (first: Chunk, chunk: Chunk, everyMs = 0): Reply =>
  async (response) => {
    open(response);
    await written(response, first);
    while (!response.destroyed) {
      await written(response, chunk);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };

/** A status with a body: an object as JSON, a text as it is. */
export const status =
  (code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(text);
  };

/** No reply at all. */
export const silence: Reply = () => {};

/** The connection breaks before any byte. */
export const reset: Reply = (response) => void response.destroy();

function open(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
}

/** Resolves when the chunk is on its way, or nobody takes it any more. */
function written(response: ServerResponse, chunk: Chunk): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(chunk, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}

/** An address on which nothing listens. */
export async function nowhere(): Promise<string> {
  const socket = createSocketServer();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return `http://127.0.0.1:${port}`;
}
