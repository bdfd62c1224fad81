import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallContext, Maestro } from '../../src/app/calls.ts';
import { MaestroError } from '../../src/domain/errors.ts';
import { type HttpServing, serveHttp } from '../../src/mcp/http.ts';
import { HttpSessions } from '../../src/mcp/http-sessions.ts';
import { openFace } from '../../src/mcp/open-face.ts';
import { build } from '../../src/mcp/server.ts';
import { loadSurface } from '../../src/mcp/surface.ts';
import { callTool, ERAS, type Era, negotiating } from './connected.ts';
import { answerOf, scripted } from './scripted.ts';

const open: Array<{ close: () => Promise<unknown> }> = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serving(maestro: Maestro = scripted(), port = 0): Promise<HttpServing> {
  const face = openFace(async () => maestro, { whereabouts: { cwd: '/p', env: {} }, log: () => {} });
  const surface = await loadSurface();
  const server = await serveHttp(() => build(face, surface), { port, log: () => {} });
  open.push(server);
  return server;
}

async function connected(url: string, era: Era): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, negotiating(era));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  open.push(client);
  return client;
}

/** A raw request, as a browser or a stranger would make it. */
function knock(url: string, headers: Record<string, string>, path = '/mcp'): Promise<number | undefined> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
  });
}

describe.each(ERAS)('over HTTP in the protocol of %s', (era) => {
  it('lists and calls the tools', async () => {
    const maestro = scripted();
    const { url } = await serving(maestro);
    const client = await connected(url, era);
    expect((await client.listTools()).tools).toHaveLength(7);
    expect((await callTool(client, 'maestro_consult', { prompt: 'p' })).json.text).toBe('Look at line 3.');
    expect(maestro.calls[0]?.call).toMatchObject({ prompt: 'p', workspace: '/p' });
  });

  it('a long answer that one request got is paged through by others', async () => {
    const text = 'word '.repeat(5_000);
    const { url } = await serving(scripted({ pack: () => answerOf('pack', { text }) }));
    const first = await callTool(await connected(url, era), 'maestro_pack_context', {});
    const { run_id } = first.json.more as { run_id: string };
    const page = await callTool(await connected(url, era), 'maestro_workflow_state', { wait_for: run_id, page: 2 });
    expect(page.json).toMatchObject({ page: { number: 2, pieces: expect.any(Array) } });
  });

  it('a call that its host gives up is cancelled', async () => {
    const seen = Promise.withResolvers<AbortSignal>();
    const consult = (_: unknown, { signal }: CallContext) => {
      seen.resolve(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const { url } = await serving(scripted({ consult }));
    const client = await connected(url, era);
    const controller = new AbortController();
    const call = client.callTool(
      { name: 'maestro_consult', arguments: { prompt: 'p' } },
      { signal: controller.signal },
    );
    const signal = await seen.promise;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    controller.abort();
    await expect(call).rejects.toThrow();
    await aborted;
  });
});

describe('a session of the 2025 era', () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };
  const post = (body: object, headers: Record<string, string> = {}) =>
    new Request('http://127.0.0.1/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    });
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

  async function sessions(most: number): Promise<HttpSessions> {
    const face = openFace(async () => scripted(), { whereabouts: { cwd: '/p', env: {} }, log: () => {} });
    const surface = await loadSurface();
    const made = new HttpSessions(() => build(face, surface), most);
    open.push(made);
    return made;
  }
  const begin = async (made: HttpSessions) => (await made.answer(post(initialize))).headers.get('mcp-session-id')!;

  it('ends when its client deletes it', async () => {
    const made = await sessions(4);
    const id = await begin(made);
    const asked = () => made.answer(post(list, { 'mcp-session-id': id }));
    expect((await asked()).status).toBe(200);
    const headers = { 'mcp-session-id': id };
    expect((await made.answer(new Request('http://127.0.0.1/mcp', { method: 'DELETE', headers }))).status).toBe(200);
    expect((await asked()).status).toBe(404);
  });

  it('begins with a handshake only', async () => {
    const made = await sessions(4);
    expect((await made.answer(post(list))).status).toBe(400);
    expect((await made.answer(post(list, { 'mcp-session-id': 'made-up' }))).status).toBe(404);
  });

  it('that was quiet for longest makes room for a new one', async () => {
    const made = await sessions(2);
    const [first, second] = [await begin(made), await begin(made)];
    await made.answer(post(list, { 'mcp-session-id': first }));
    const third = await begin(made);
    const status = async (id: string) => (await made.answer(post(list, { 'mcp-session-id': id }))).status;
    expect([await status(first), await status(second), await status(third)]).toEqual([200, 404, 200]);
  });

  it('can be asked something in the middle of a call', async () => {
    const runStage = async (_: unknown, { askPerson }: CallContext) =>
      answerOf('runStage', { next: await askPerson!('ok?') });
    const { url } = await serving(scripted({ runStage }));
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: { form: {} } } });
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { yes: true } }));
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    open.push(client);
    expect((await callTool(client, 'maestro_run_stage', { stage: 'analyze' })).json.next).toBe('yes');
  });
});

describe('the HTTP server', () => {
  it.each([
    ['another host', { host: 'evil.example' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
  ])('refuses %s', async (_, headers) => {
    const maestro = scripted();
    const { url } = await serving(maestro);
    expect(await knock(url, headers)).toBe(403);
    expect(maestro.calls).toEqual([]);
  });

  it('answers nothing but MCP at its one address', async () => {
    const { url } = await serving();
    expect(await knock(url, {}, '/')).toBe(404);
    expect(await knock(url, {}, '/mcp/../secrets')).toBe(404);
  });

  it('listens on loopback', async () => {
    expect((await serving()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  it('says so when the port is taken', async () => {
    const { url } = await serving();
    const taken = serving(scripted(), Number(new URL(url).port));
    await expect(taken).rejects.toThrow(MaestroError);
    await expect(taken).rejects.toThrow(/port \d+ cannot be used \(EADDRINUSE\)/);
  });
});
