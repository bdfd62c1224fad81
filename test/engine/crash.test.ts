import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/local.ts';
import { readEvents } from '../../src/store/events.ts';
import { type Child, startChild } from '../store/child-process.ts';
import { opened, stateFile, temporaryFolder } from '../store/state-file.ts';
import type { FlowPlan } from './flow-child.ts';

const CHILD = new URL('./flow-child.ts', import.meta.url);
const start = (file: string, plan: FlowPlan): Child => startChild(CHILD, [file, JSON.stringify(plan)]);

interface Journal {
  readonly status: string;
  readonly committed: string[];
  readonly marked: string[];
  readonly executed: string[];
}

/** What the file holds and what was executed, after a process died. */
function journal(file: string, log: string): Journal {
  const raw = new Sqlite(file);
  const pluck = (sql: string) => raw.prepare(sql).pluck().all() as string[];
  const state = {
    status: pluck('select status from runs order by rowid').join(),
    committed: pluck('select name from steps order by rowid'),
    marked: pluck("select 's' || (payload ->> 'visit') from events where type = 'stage_entered' order by id"),
    executed: readFileSync(log, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean),
  };
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
  raw.close();
  return state;
}

describe('kill -9', () => {
  it('before, inside and after every step loses nothing committed and repeats no committed step', async () => {
    const [file, log] = [stateFile(), join(temporaryFolder(), 'log')];
    const plan = { steps: 2, log, maxAttempts: 100 };
    const executions: string[] = [];
    let committed: string[] = [];
    for (const step of ['s1', 's2'])
      for (const moment of ['before', 'inside', 'after']) {
        expect(await start(file, { ...plan, kill: `${moment}:${step}` }).ended).toMatchObject({ signal: 'SIGKILL' });
        const now = journal(file, log);
        if (moment !== 'before') executions.push(step);
        if (moment === 'after') committed = [...committed, step];
        expect(now).toEqual({ status: 'running', committed, marked: committed, executed: executions });
      }
    const { code, stdout } = await start(file, plan).ended;
    expect([code, JSON.parse(stdout.trim().split('\n').at(-1)!)]).toEqual([
      0,
      expect.objectContaining({ result: 3, resumed: true, stepsReused: 2 }),
    ]);
    const store = await opened(file);
    const events = await readEvents(store.queries);
    expect(events.filter(({ type }) => type === 'run_started')).toHaveLength(7);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  });

  it('at any moment does neither', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 2, maxLength: 3 });
    const property = fc.asyncProperty(delays, async (moments) => {
      const [file, log] = [stateFile(), join(temporaryFolder(), 'log')];
      const plan = { steps: 6, stepMs: 2, resultBytes: 100_000, log, maxAttempts: 100 };
      let before: Journal = { status: 'none', committed: [], marked: [], executed: [] };
      for (const moment of [...moments, null]) {
        const child = start(file, plan);
        await child.said('ready');
        if (moment !== null) void sleep(moment).then(() => child.process.kill('SIGKILL'));
        await child.ended;
        const now = journal(file, log);
        const executedNow = now.executed.slice(before.executed.length);
        expect(now.committed.slice(0, before.committed.length)).toEqual(before.committed);
        expect(executedNow.filter((step) => before.committed.includes(step))).toEqual([]);
        expect(now.marked).toEqual(now.committed);
        before = now;
        if (now.status === 'done') break;
      }
      expect(before).toMatchObject({ status: 'done', committed: ['s1', 's2', 's3', 's4', 's5', 's6'] });
    });
    await fc.assert(property, { numRuns: 3, endOnFailure: true });
  });

  it('again and again in one place ends in a clear error, and then in a new run', async () => {
    const file = stateFile();
    const plan = { steps: 1, kill: 'inside:s1', maxAttempts: 2 };
    for (let n = 0; n < 2; n++) expect(await start(file, plan).ended).toMatchObject({ signal: 'SIGKILL' });
    const { code, stderr } = await start(file, plan).ended;
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^run_crashed: run (fix-\w+) was given up: 2 times its process ended/),
    ]);
    const store = await opened(file);
    const engine = createEngine(store);
    expect(await engine.list({})).toMatchObject([{ status: 'failed', pid: null }]);
    expect(await start(file, { steps: 1 }).ended).toMatchObject({ code: 0, stdout: expect.stringContaining('-2"') });
    expect((await readEvents(store.queries)).filter(({ type }) => type === 'run_finished')).toHaveLength(2);
  });
});

describe('several processes on one file', () => {
  it('each work on their own run, and no event is lost or out of order', async () => {
    const file = stateFile();
    const children = ['a', 'b', 'c', 'd'].map((key) => start(file, { key, steps: 15 }));
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const store = await opened(file);
    const events = await readEvents(store.queries);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    const runs = Map.groupBy(events, ({ runId }) => runId);
    expect(runs.size).toBe(4);
    for (const own of runs.values()) {
      const visits = own.flatMap((event) => (event.type === 'stage_entered' ? [event.payload.visit] : []));
      expect(visits).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
    }
  });

  it('never work on the same run at once: one does, the others are told who', async () => {
    const [file, folder] = [stateFile(), temporaryFolder()];
    const plan = { steps: 3, log: join(folder, 'log'), gate: join(folder, 'gate') };
    const worker = start(file, plan);
    await worker.said('committed s1');
    for (const { ended } of [1, 2, 3].map(() => start(file, plan))) {
      const { code, stderr } = await ended;
      const told = new RegExp(`^already_running: run fix-\\w+ .* by process ${worker.process.pid}\n$`);
      expect([code, stderr]).toEqual([3, expect.stringMatching(told)]);
    }
    writeFileSync(plan.gate, '');
    expect(await worker.ended).toMatchObject({ code: 0 });
    expect(journal(file, plan.log).executed).toEqual(['s1', 's2', 's3']);
  });

  it('adopt at once the run of a process that was killed, one of them only', async () => {
    const [file, folder] = [stateFile(), temporaryFolder()];
    const plan = { steps: 3, log: join(folder, 'log'), gate: join(folder, 'gate') };
    expect(await start(file, { ...plan, kill: 'after:s1' }).ended).toMatchObject({ signal: 'SIGKILL' });
    const refused = Promise.withResolvers<void>();
    let refusals = 0;
    const others = [1, 2, 3].map(async () => {
      const { code } = await start(file, plan).ended;
      if (code === 3 && ++refusals === 2) refused.resolve();
      return code;
    });
    await Promise.race([refused.promise, Promise.all(others)]);
    writeFileSync(plan.gate, '');
    expect((await Promise.all(others)).sort()).toEqual([0, 3, 3]);
    const { committed, executed } = journal(file, plan.log);
    expect([committed, executed]).toEqual([
      ['s1', 's2', 's3'],
      ['s1', 's2', 's3'],
    ]);
  });
});
