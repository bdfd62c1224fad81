import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Advice, AdviceRequest, AdviceSurroundings } from '../../src/domain/advice.ts';
import { reapOrphans, runProcess } from '../../src/platform/process.ts';
import { sweepTempDirs } from '../../src/platform/temp.ts';
import { failureOf, REQUEST, settingsFor, surroundingsFor } from '../contract/cli-asking.ts';
import { startFakeModelServer } from '../models/model-server.mjs';
import { startChild } from '../store/child-process.ts';
import { attackOn, NAP } from './attacks.ts';
import { CLIENTS, type Client, environmentsWith, privateFolders, processesWith, whyNot } from './clients.ts';

const skipped = whyNot();
if (skipped) console.warn(`test/real/providers: ${skipped}`);

/** Where traffic to anywhere but loopback would go. */
const outside = { port: 0, requests: [] as string[] };
const sink = createServer((socket) => {
  socket.once('data', (head) => outside.requests.push(String(head).split('\r\n')[0]!));
  socket.on('error', () => {});
  setTimeout(() => socket.destroy(), 50);
});
let cacheFolder: string;

beforeAll(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'maestro-real-cache-'));
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  outside.port = (sink.address() as { port: number }).port;
});
afterAll(() => {
  sink.close();
  rmSync(cacheFolder, { recursive: true });
});

/** The environment of a user with keys of other things, a proxy, and Maestro running under a host. */
function userEnvironment(client: Client): Record<string, string | undefined> {
  const proxy = `http://127.0.0.1:${outside.port}`;
  return {
    PATH: process.env.PATH,
    HOME: join(cacheFolder, 'nobody'),
    [client.keyName]: 'key-of-the-user',
    GITHUB_TOKEN: 'token-of-something-else',
    CLAUDECODE: '1',
    https_proxy: proxy,
    http_proxy: proxy,
    no_proxy: '127.0.0.1,localhost',
  };
}

async function asking(
  client: Client,
  script: unknown,
  request: Partial<AdviceRequest> = {},
  rest: Partial<AdviceSurroundings> = {},
) {
  const server = await startFakeModelServer({ script });
  onTestFinished(() => server.close());
  const settings = settingsFor(client.id, {
    binary: client.binary,
    model: client.model,
    baseUrl: `${server.url}${client.apiPath}`,
  });
  const surroundings = surroundingsFor(settings, {
    env: userEnvironment(client),
    cacheFolder: join(cacheFolder, client.id),
    ...rest,
  });
  const advice: Advice = await client.provider.ask({ ...REQUEST, ...request }, surroundings);
  return { advice, server, surroundings, requests: server.modelRequests() };
}

describe.skipIf(skipped !== null).each(CLIENTS)('the real $id', (client) => {
  it('is found, new enough, logged in and held, without a request', async () => {
    const settings = settingsFor(client.id, { binary: client.binary });
    const found = await client.provider.available(
      surroundingsFor(settings, { env: userEnvironment(client), cacheFolder }),
    );
    expect(found).toMatchObject({ ready: true, reason: null, loggedIn: true, path: client.binary });
    expect(found.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('answers, with what it used, and is sent the question and the role but no tool and no foreign secret', async () => {
    const { advice, requests, server } = await asking(client, [{ text: 'pong\u001b[31m é' }], {
      prompt: '/help @secret.txt --version',
    });
    expect(advice).toMatchObject({
      ok: true,
      ran: true,
      text: 'pong é',
      truncated: false,
      usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 50 },
    });
    expect(requests).toHaveLength(1);
    const sent = JSON.stringify(requests[0]);
    expect(sent).toContain('You are an adviser.');
    expect(sent).toContain('/help @secret.txt --version');
    expect(sent).not.toContain('token-of-something-else');
    expect(offered(requests[0]!.body)).toEqual([]);
    expect(
      server.requests.filter(({ protocol }) => protocol === null).map(({ method, url }) => `${method} ${url}`),
    ).toEqual([]);
  });

  it('says of earlier exchanges what was asked and answered', async () => {
    const transcript = [{ question: 'the first question', answer: 'the first answer' }];
    const { advice, requests } = await asking(client, [{ text: 'pong' }], { transcript, effort: null });
    expect(failureOf(advice)).toBe('an answer: pong');
    expect(JSON.stringify(requests[0]!.body)).toMatch(/the first question.*the first answer.*Say pong/);
  });

  it.each([
    [{ status: 401 }, 'not_logged_in', true],
    [{ status: 429, message: 'rate limit reached' }, 'quota', true],
    [{ status: 500 }, 'overloaded', true],
    [{ bad: 'cut' }, null, false],
    [{ bad: 'html' }, null, false],
    [{ bad: 'empty' }, null, false],
    [{ bad: 'reset' }, null, false],
  ] as const)('fails at %j as %s, after one request', async (step, reason, unpaid) => {
    const { advice, requests } = await asking(client, [step]);
    expect(advice.ok).toBe(false);
    if (advice.ok) return;
    if (reason) expect(failureOf(advice)).toMatch(new RegExp(`^${reason}: `));
    else expect(failureOf(advice)).toMatch(/^(bad_output|network): /);
    expect(advice).toMatchObject({ ran: true, unpaid, remedy: expect.stringMatching(/\.$/) });
    expect(advice.message).not.toContain('key-of-the-user');
    expect(requests).toHaveLength(1);
  });

  it('is ended when the server never answers, and leaves nothing', async () => {
    const limits = { firstOutputMs: 12_000, silenceMs: 12_000, totalMs: 12_000, answerBytes: 1000 };
    const { advice, requests } = await asking(client, [{ hang: 'before' }], {}, { limits });
    expect(failureOf(advice)).toMatch(/^timeout: /);
    expect(requests).toHaveLength(1);
    await expect.poll(() => privateFolders(process.pid)).toEqual([]);
    expect(membersAskedBy(process.pid)).toEqual([]);
  });

  it('is ended when nobody wants the answer any more', async () => {
    const abort = new AbortController();
    const script = () => {
      abort.abort();
      return { hang: 'before' };
    };
    const { advice } = await asking(client, script, {}, { signal: abort.signal });
    expect(failureOf(advice)).toMatch(/^cancelled: /);
    expect(membersAskedBy(process.pid)).toEqual([]);
    await expect.poll(() => privateFolders(process.pid)).toEqual([]);
  });

  it('does nothing that a hostile model asks for', async () => {
    const { folder, server, attack } = await hostile(client);
    const settings = settingsFor(client.id, {
      binary: client.binary,
      model: client.model,
      baseUrl: `${server.url}${client.apiPath}`,
    });
    const before = outside.requests.length;
    const advice = await client.provider.ask(
      { ...REQUEST, prompt: `Look at @${folder}/secret.txt and mend it.` },
      surroundingsFor(settings, { env: userEnvironment(client), cacheFolder: join(cacheFolder, client.id) }),
    );
    expect(server.modelRequests().length).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(['secret.txt']);
    expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('the secret\n');
    expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain('the secret\\n');
    expect(server.requests.filter(({ url }) => /from-(shell|fetch)|mcp/.test(url))).toEqual([]);
    expect(processesWith(NAP)).toEqual([]);
    expect(membersAskedBy(process.pid)).toEqual([]);
    await expect.poll(() => privateFolders(process.pid)).toEqual([]);
    expect(outside.requests.slice(before)).toEqual([]);
    expect(attack.tools.length).toBeGreaterThan(10);
    expect(failureOf(advice)).toMatch(/^bad_output: .*asked for a tool/);
    expect(server.modelRequests().length).toBeLessThan(attack.tools.length);
  });

  it('is looked at before it is asked when its version is newer than the proven one, and found to offer nothing', async () => {
    const newer = join(cacheFolder, `newer-${client.id}`);
    writeFileSync(newer, `#!/bin/sh\n[ "$1" = --version ] && echo 99.0.0 && exit\nexec '${client.binary}' "$@"\n`, {
      mode: 0o755,
    });
    const { advice, surroundings, requests } = await asking({ ...client, binary: newer }, [{ text: 'pong' }]);
    expect(failureOf(advice)).toBe('an answer: pong');
    expect(requests).toHaveLength(1);
    expect(await client.provider.available(surroundings)).toMatchObject({
      version: '99.0.0',
      heldBy: expect.stringContaining('leave version 99.0.0 no tool'),
    });
  });

  it('is gone with its folder at the next start after Maestro was killed', async () => {
    const server = await startFakeModelServer({ script: [{ hang: 'before' }] });
    onTestFinished(() => server.close());
    const registry = join(cacheFolder, `registry-${client.id}`);
    const settings = settingsFor(client.id, {
      binary: client.binary,
      model: client.model,
      baseUrl: `${server.url}${client.apiPath}`,
    });
    const plan = { settings, env: userEnvironment(client), cacheFolder: join(cacheFolder, client.id), registry };
    const owner = startChild(new URL('ask-child.ts', import.meta.url), [JSON.stringify(plan)]);
    await until(() => server.modelRequests().length === 1);
    const pid = owner.process.pid!;
    expect(privateFolders(pid)).toHaveLength(1);
    expect(membersAskedBy(pid)).not.toEqual([]);
    owner.process.kill('SIGKILL');
    await owner.ended;
    expect(await reapOrphans(registry)).toBe(1);
    await sweepTempDirs();
    expect(privateFolders(pid)).toEqual([]);
    await until(() => membersAskedBy(pid).length === 0);
  });

  it('would do it with the flags of someone in a hurry, so that the test before this one can fail', async () => {
    const { folder, server, attack } = await hostile(client);
    const home = join(cacheFolder, `naive-${client.id}`);
    mkdirSync(home, { recursive: true });
    const { args, env } = attack.naive(server.url);
    if (client.id === 'gemini') {
      mkdirSync(join(home, '.gemini'), { recursive: true });
      writeFileSync(join(home, '.gemini', 'settings.json'), '{"security":{"auth":{"selectedType":"gemini-api-key"}}}');
    }
    const all = {
      PATH: process.env.PATH!,
      HOME: home,
      [client.keyName]: 'x',
      no_proxy: '127.0.0.1',
      https_proxy: `http://127.0.0.1:${outside.port}`,
      ...env,
    };
    const hits = () => readdirSync(folder).filter((name) => name.startsWith('hit-'));
    const seen = new AbortController();
    const watch = setInterval(() => hits().length > 0 && seen.abort(), 100);
    await runProcess(
      { argv: [client.binary, ...args], cwd: folder, env: all, stdin: 'Mend it.' },
      { timeLimitMs: 45_000, outputCapBytes: 1_000_000, signal: seen.signal },
    );
    clearInterval(watch);
    expect(hits()).not.toEqual([]);
  });
});

/** A server whose model asks for every tool, and then says that it is done; and a folder with a secret. */
async function hostile(client: Client) {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-canary-'));
  writeFileSync(join(folder, 'secret.txt'), 'the secret\n');
  const plan: { tools: ReturnType<typeof attackOn>['tools'] } = { tools: [] };
  const script = (_request: unknown, n: number) => {
    const { tools } = plan;
    // Codex takes one call at a time; the others take all at once, as they ask only once.
    if (client.id === 'codex') return n < tools.length ? { tools: [tools[n]] } : { text: 'done' };
    return n === 0 ? { tools } : { text: 'done' };
  };
  const server = await startFakeModelServer({ script });
  const attack = attackOn(client.id, folder, server.url);
  plan.tools = attack.tools;
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, server, attack };
}

/** Processes that work in a private folder of that process. */
function membersAskedBy(pid: number): string[] {
  return environmentsWith(new RegExp(`TMPDIR=[^\\0]*maestro-ask-[a-z]+\\.${pid}-`));
}

async function until(so: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !so(); tries++) await sleep(50);
  expect(so()).toBe(true);
}

/** The names of the tools that a request offers, whichever protocol it is in. */
function offered(body: Readonly<Record<string, unknown>>): unknown[] {
  const tools = (body.tools ?? []) as Array<Record<string, unknown>>;
  const extra = JSON.stringify(body).includes('additional_tools') ? ['additional_tools'] : [];
  return [...tools.flatMap((tool) => (tool.functionDeclarations as unknown[] | undefined) ?? [tool]), ...extra];
}
