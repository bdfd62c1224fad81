import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { advisor, home, model, repository } from '../app/world.ts';
import { type Answer, callTool, ERAS, type Era, negotiating } from '../mcp/connected.ts';
import { contents } from './maestro.ts';

const MAESTRO = fileURLToPath(new URL('../../bin/maestro.mjs', import.meta.url));
const FIX =
  '```diff\n--- a/src/add.js\n+++ b/src/add.js\n@@ -1,3 +1,3 @@\n export function add(a, b) {\n-  return a - b;\n+  return a + b;\n }\n```';
const TEST = 'node --test';

type Call = (name: string, args?: Record<string, unknown>) => Promise<Answer>;

interface Host {
  readonly client: Client;
  readonly call: Call;
  /** What the server wrote to its log. */
  readonly log: () => string;
}

/** The program as a host starts it, in the folder of a project and with a user's home. */
async function host(era: Era, cwd: string, env: Record<string, string>): Promise<Host> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAESTRO, 'mcp'],
    cwd,
    env,
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const client = new Client({ name: 'test', version: '1' }, negotiating(era));
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { client, call: (name, args = {}) => callTool(client, `maestro_${name}`, args), log: () => log };
}

describe.each(ERAS)('maestro mcp, as built, in the protocol of %s', (era) => {
  it('answers every tool in a project, and changes nothing in it', async () => {
    const asked = await model([{ text: `The sign is wrong.\n${FIX}` }]);
    const project = repository();
    const before = contents(project);
    const { client, call, log } = await host(era, project, home({ advisors: [advisor(asked)] }));
    expect((await client.listTools()).tools).toHaveLength(7);

    expect((await call('workflow_state')).json).toMatchObject({ status: 'none', workspace: project });
    expect((await call('run_stage', { stage: 'analyze', task: 'add is wrong' })).json).toMatchObject({
      status: 'opened',
      stage: 'analyze',
      output_schema: { type: 'object' },
    });
    expect((await call('pack_context', { task: 'add is wrong' })).json.text).toContain('return a - b;');
    const consult = await call('consult', { prompt: 'Why does add fail?', provider: 'local' });
    expect(consult.json).toMatchObject({ status: 'answered', provider: 'local', untrusted: expect.any(String) });
    expect((await call('workflow_state')).json).toMatchObject({
      status: 'open',
      stage: 'analyze',
      budget: { used: { stage: 1, workflow: 1 } },
    });
    const metrics = (await call('get_metrics')).json.metrics as Record<string, unknown>;
    expect(Object.keys(metrics).length).toBeGreaterThan(3);
    expect(contents(project)).toEqual(before);
    expect(log()).toBe('');
  });

  it('takes candidates from an ensemble to the one that passes the tests', async () => {
    const asked = await model([{ text: `The sign is wrong.\n${FIX}` }]);
    const project = repository();
    const before = contents(project);
    const { call } = await host(era, project, home({ advisors: [advisor(asked)] }));
    const ensemble = await call('ensemble_generate', { task: 'mend add', kind: 'patch', providers: ['local'], n: 1 });
    expect(ensemble.json).toMatchObject({
      status: 'generated',
      candidates: [{ patch: expect.stringContaining('a + b') }],
    });
    const { json } = await call('select_best', { run_id: ensemble.json.run_id, test_command: TEST });
    expect(json).toMatchObject({
      status: 'selected',
      winner: expect.any(String),
      patch: expect.stringContaining('+  return a + b;'),
      ranking: [{ evidence: { basis: 'observed' } }],
    });
    expect(contents(project)).toEqual(before);
  });

  it('hands a stage in with problems by path, and goes on when they are mended', async () => {
    const { call } = await host(era, repository(), home());
    await call('run_stage', { stage: 'analyze', task: 'add is wrong' });
    const rejected = await call('run_stage', { stage: 'analyze', output: { observations: [] } });
    expect(rejected.json).toMatchObject({ status: 'rejected', problems: expect.arrayContaining([expect.any(Object)]) });
    const output = {
      observations: ['add(1, 2) is -1'],
      repro_steps: ['node --test'],
      affected_modules: ['src/add.js'],
      invariants: ['add is commutative'],
    };
    expect((await call('run_stage', { stage: 'analyze', output })).json).toMatchObject({
      status: 'accepted',
      next_stage: 'hypothesize',
    });
  });

  it('reads a long answer page by page from what the run stored, also after a restart', async () => {
    const long = 'A paragraph of advice, with "quotes".\n'.repeat(800);
    const asked = await model([{ text: long }]);
    const [project, env] = [repository(), home({ advisors: [advisor(asked)] })];
    const first = await host(era, project, env);
    const { json, text } = await first.call('consult', { prompt: 'Why?', provider: 'local' });
    expect(text.length).toBeLessThanOrEqual(10_000);
    const { run_id } = json.more as { run_id: string };
    await first.client.close();

    const { call } = await host(era, project, env);
    let read = '';
    for (let page = 1, pages = 1; page <= pages; page++) {
      const answer = await call('workflow_state', { wait_for: run_id, page });
      const { of, pieces } = answer.json.page as { of: number; pieces: Array<{ at: string; value: string }> };
      pages = of;
      for (const { at, value } of pieces) if (at === 'text') read += value;
    }
    expect(read.trim()).toBe(long.trim());
  });

  it('asks for the workspace where its folder cannot be one, and takes it as an argument', async () => {
    const env = home();
    const { call } = await host(era, env.HOME!, env);
    expect(await call('workflow_state')).toMatchObject({ isError: true, text: expect.stringContaining('workspace') });
    const project = repository();
    expect((await call('workflow_state', { workspace: project })).json).toMatchObject({ workspace: project });
    const missing = await call('workflow_state', { workspace: join(project, 'nowhere') });
    expect(missing).toMatchObject({ isError: true, text: expect.stringMatching(/^workspace_missing: /) });
  });

  it('a consult that is cancelled is ended, and paid for at most once', async () => {
    const asked = await model([{ hang: 'before' }, { text: 'at last' }]);
    const { client, call } = await host(era, repository(), home({ advisors: [advisor(asked)] }));
    const controller = new AbortController();
    const request = { name: 'maestro_consult', arguments: { prompt: 'Why?', provider: 'local' } };
    const hanging = client.callTool(request, { signal: controller.signal }).catch(() => 'cancelled');
    await expect.poll(() => asked.asked().length, { timeout: 20_000 }).toBe(1);
    controller.abort();
    expect(await hanging).toBe('cancelled');
    const { json } = await call('workflow_state');
    expect(json).toMatchObject({ budget: { used: { workflow: expect.toSatisfy((used: number) => used <= 1) } } });
  });
});

describe('listing the tools', () => {
  it('opens no ledger: a host that calls nothing leaves nothing behind', async () => {
    const env = home();
    const { client } = await host('2026', repository(), env);
    await client.listTools();
    await client.listPrompts();
    await client.listResources();
    await client.close();
    expect(existsSync(env.MAESTRO_HOME!) ? readdirSync(env.MAESTRO_HOME!) : []).toEqual([]);
  });

  it('gives the same from the bundle as from the source', async () => {
    const { client } = await host('2025', repository(), home());
    const { tools } = await client.listTools();
    const { loadSurface } = await import('../../src/mcp/surface.ts');
    const { inputSchemaOf, outputSchemaOf } = await import('../../src/mcp/json-schema.ts');
    const surface = await loadSurface();
    expect(tools.map(({ name, inputSchema }) => [name, inputSchema])).toEqual(
      surface.tools.map(({ name, input }) => [name, inputSchemaOf(input())]),
    );
    expect(tools.map(({ outputSchema }) => outputSchema)).toEqual(
      surface.tools.map(({ output }) => outputSchemaOf(output())),
    );
  });
});
