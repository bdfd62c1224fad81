import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { tool as consult } from '../../../src/mcp/tools/consult.ts';
import { tool as ensemble } from '../../../src/mcp/tools/ensemble-generate.ts';
import { tool as metrics } from '../../../src/mcp/tools/get-metrics.ts';
import { tool as pack } from '../../../src/mcp/tools/pack-context.ts';
import { tool as state } from '../../../src/mcp/tools/workflow-state.ts';
import { advisor, home, model, repository } from '../../app/world.ts';
import { maestro } from '../terminal.ts';

/** What a command printed as JSON, held to the schema that the tool of the same name has. */
function held(stdout: string, { output }: { readonly output: () => z.ZodType }, inside?: string) {
  expect(stdout.match(/\n/g)).toHaveLength(1);
  const printed = JSON.parse(stdout) as Record<string, unknown>;
  const value: Record<string, unknown> = inside === undefined ? printed : { [inside]: printed };
  const { success, error } = output().safeParse(value);
  expect(error?.issues ?? []).toEqual([]);
  expect(success).toBe(true);
  return value;
}

async function place(replies: Parameters<typeof model>[0] = [{ text: 'It subtracts.' }]) {
  const server = await model(replies);
  return { cwd: repository(), env: home({ advisors: [advisor(server)], order: ['local'] }) };
}

describe('JSON on the command line has the shape of the tool', () => {
  it('maestro consult: answered, failed, and refused once the budget is spent', async () => {
    const here = await place();
    const ask = (question: string) => maestro(['consult', question, '--json'], here.cwd, here.env);
    const first = await ask('one?');
    expect([first.status, held(first.stdout, consult).status]).toEqual([0, 'answered']);
    expect((await ask('two?')).status).toBe(0);
    const third = await ask('three?');
    expect([third.status, held(third.stdout, consult).status]).toEqual([1, 'refused']);
    const failing = await place([{ status: 401 }]);
    const failed = await maestro(['consult', 'why?', '--json'], failing.cwd, failing.env);
    expect([failed.status, held(failed.stdout, consult).status]).toEqual([1, 'failed']);
    expect(failed.stderr).not.toContain('✘');
  });

  it('maestro ensemble: generated, and skipped for who is likely to succeed alone', async () => {
    const here = await place();
    const args = ['ensemble', 'mend add', '--kind', 'answer', '--n', '1', '--json'];
    const made = await maestro(args, here.cwd, here.env);
    expect([made.status, held(made.stdout, ensemble).status]).toEqual([0, 'generated']);
    const other = await place();
    const skipped = await maestro([...args, '--confidence', '0.45'], other.cwd, other.env);
    expect([skipped.status, held(skipped.stdout, ensemble).status]).toEqual([1, 'skipped']);
  });

  it('maestro status: nothing open, and a task that is open', async () => {
    const here = await place();
    const none = await maestro(['status', '--json'], here.cwd, here.env);
    expect([none.status, held(none.stdout, state).status]).toEqual([1, 'none']);
    await maestro(['consult', 'why?'], here.cwd, here.env);
    const open = await maestro(['status', '--json'], here.cwd, here.env);
    expect([open.status, held(open.stdout, state).status]).toEqual([0, 'open']);
    const { stdout } = await maestro(['status'], here.cwd, here.env);
    expect(stdout).toContain('asked others: 1, left: 1 here, 5 in all');
  });

  it('maestro metrics: over everything, and over one workflow', async () => {
    const here = await place();
    const all = await maestro(['metrics', '--json'], here.cwd, here.env);
    expect(all.status).toBe(0);
    held(all.stdout, metrics, 'metrics');
    await maestro(['consult', 'why?'], here.cwd, here.env);
    const { workflow_id } = JSON.parse((await maestro(['status', '--json'], here.cwd, here.env)).stdout) as {
      workflow_id: string;
    };
    const one = await maestro(['metrics', '--workflow', workflow_id, '--json'], here.cwd, here.env);
    expect(JSON.stringify(held(one.stdout, metrics, 'metrics'))).toContain('"tokens"');
    const late = await maestro(['metrics', '--since', '2999-01-01T00:00:00Z', '--json'], here.cwd, here.env);
    expect(JSON.stringify(held(late.stdout, metrics, 'metrics'))).not.toMatch(/"value":[1-9]/);
  });

  it('maestro pack: with code, and without a place for any', async () => {
    const here = await place();
    const packed = await maestro(['pack', '--task', 'add', '--format', 'json'], here.cwd, here.env);
    expect(packed.status).toBe(0);
    expect(held(packed.stdout, pack).text).toContain('src/add.js');
    const empty = await maestro(['pack', '--task', 'add', '--budget', '0', '--format', 'json'], here.cwd, here.env);
    expect(empty.status).toBe(1);
    expect(held(empty.stdout, pack).text).toBe('');
  });
});

describe('maestro doctor', () => {
  it('ends with 0 whatever holds, each check with a remedy where it does not hold', async () => {
    const here = await place();
    const { status, stdout } = await maestro(['doctor', '--json'], here.cwd, here.env);
    expect(status).toBe(0);
    const { version, checks } = JSON.parse(stdout) as {
      version: string;
      checks: Array<{ name: string; holds: string; detail: string; remedy: string | null }>;
    };
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(checks.length).toBeGreaterThan(5);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    for (const { holds, remedy } of checks) if (holds !== 'yes') expect(remedy).toMatch(/\S/);
    expect(checks.find(({ name }) => name.includes('local'))).toMatchObject({ holds: 'yes' });
  });
});
