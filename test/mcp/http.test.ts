import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallContext, Maestro } from '../../src/app/calls.ts';
import { MaestroError } from '../../src/domain/errors.ts';
import { type HttpServing, serveHttp } from '../../src/mcp/http.ts';
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

  it('a call whose host hangs up is cancelled', async () => {
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
    await client.close();
    await aborted;
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
