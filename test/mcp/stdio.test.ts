import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ERAS, type Era } from './connected.ts';

const SERVER = fileURLToPath(new URL('./family-server.ts', import.meta.url));
const cleanUps: Array<() => void> = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly folder: string;
  /** Every line on standard output, as it came. */
  readonly lines: readonly string[];
  readonly stderr: () => string;
  readonly status: Promise<number | null>;
  send(message: object | string): void;
  answer(id: number): Promise<Record<string, unknown>>;
}

function start(): Running {
  const folder = mkdtempSync(join(tmpdir(), 'stdio-'));
  const child = spawn(process.execPath, [SERVER], { env: { ...process.env, TMPDIR: folder } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  cleanUps.push(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = () => stdout.split('\n').filter((line) => line !== '');
  const answerTo = (id: number) =>
    lines()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((message) => message.id === id);
  return {
    child,
    folder,
    get lines() {
      return lines();
    },
    stderr: () => stderr,
    status: new Promise((resolve) => child.once('exit', resolve)),
    send: (message) =>
      void child.stdin.write(
        `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`,
      ),
    answer: (id) => until(() => answerTo(id)),
  };
}

async function until<T>(look: () => T | undefined | null | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await sleep(20);
  }
}

function open(server: Running, era: Era): void {
  if (era === '2026') {
    server.send({ id: 0, method: 'server/discover', params: { _meta: META } });
    return;
  }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  server.send({ id: 0, method: 'initialize', params });
  server.send({ method: 'notifications/initialized' });
}

const request = (era: Era, id: number, method: string, params: object = {}) => ({
  id,
  method,
  params: era === '2026' ? { ...params, _meta: META } : params,
});

/** Calls the tool that starts a family, and returns the two ids once they run. */
async function family(server: Running, era: Era): Promise<number[]> {
  const file = join(server.folder, 'family');
  open(server, era);
  server.send(
    request(era, 1, 'tools/call', { name: 'maestro_consult', arguments: { prompt: file, workspace: server.folder } }),
  );
  return until(() => {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : [];
    return pids.length === 2 && pids.every((pid) => pid > 0) && pids;
  });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const gone = (pids: readonly number[]) => until(() => pids.every((pid) => !runs(pid)));

describe.each(ERAS)('over standard input and output in the protocol of %s', (era) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends it with status 0, and its children and grandchildren',
    async (signal) => {
      const server = start();
      const pids = await family(server, era);
      expect(pids.filter(runs)).toEqual(pids);
      server.child.kill(signal);
      expect(await server.status).toBe(0);
      await gone(pids);
      expect(readdirSync(server.folder).filter((name) => name.startsWith('maestro-'))).toEqual([]);
    },
  );

  it('the end of its input ends it with status 0, and its children and grandchildren', async () => {
    const server = start();
    const pids = await family(server, era);
    server.child.stdin.end();
    expect(await server.status).toBe(0);
    await gone(pids);
  });

  it('a cancelled call ends its children and grandchildren, and the server goes on', async () => {
    const server = start();
    const pids = await family(server, era);
    server.send({ method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } });
    await gone(pids);
    server.send(
      request(era, 2, 'tools/call', { name: 'maestro_workflow_state', arguments: { workspace: server.folder } }),
    );
    expect(await server.answer(2)).toMatchObject({ result: { structuredContent: { status: 'open' } } });
  });

  it('nothing but JSON-RPC is written to standard output, whoever prints', async () => {
    const server = start();
    await family(server, era);
    server.send(request(era, 2, 'tools/list'));
    await server.answer(2);
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    expect(server.stderr()).toContain('this must not reach the protocol');
    server.child.kill();
    await server.status;
  });

  it('lines that are no messages do not end it', async () => {
    const server = start();
    for (const line of [
      '',
      'hello',
      '{',
      '[]',
      '[1,2]',
      'null',
      '{"jsonrpc":"2.0"}',
      '{"a":1}',
      '\u0000\u0001',
      '{"jsonrpc":"2.0","id":{},"method":3}',
    ])
      server.send(line);
    open(server, era);
    server.send(request(era, 2, 'tools/list'));
    expect(await server.answer(2)).toMatchObject({ result: { tools: expect.any(Array) } });
    server.child.stdin.end();
    expect(await server.status).toBe(0);
  });

  it('a reader that is gone ends it', async () => {
    const server = start();
    open(server, era);
    await server.answer(0);
    server.child.stdout.destroy();
    server.send(request(era, 2, 'tools/list'));
    expect(await server.status).toBe(0);
  });

  it('an input that ends at once ends it at once', async () => {
    const server = start();
    server.child.stdin.end();
    expect(await server.status).toBe(0);
    expect(server.lines).toEqual([]);
  });
});
