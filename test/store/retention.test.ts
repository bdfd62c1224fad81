import { statSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { KEPT, prune } from '../../src/store/retention.ts';
import { putRun } from './held-run.ts';
import { opened } from './state-file.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 1000 * DAY;
const OLD = NOW - (KEPT.days + 1) * DAY;
const FRESH = NOW - DAY;

describe('retention', () => {
  let store: Store;
  beforeEach(async () => {
    store = await opened();
  });

  const putStep = (run: string, result: string) =>
    store.queries.insertInto('steps').values({ run_id: run, name: 's', result, committed_at: 1 }).execute();
  const free = { owner: null, leaseUntil: null };
  const runOf = (id: string) =>
    store.queries.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const stepsLeft = async () =>
    (await store.queries.selectFrom('steps').select('run_id').orderBy('run_id').execute()).map((row) => row.run_id);

  it('empties runs that nobody touched for long, and keeps their row and their events', async () => {
    await putRun(store, 'old', { ...free, status: 'done', updatedAt: OLD, result: '"r"' });
    await putRun(store, 'fresh', { ...free, status: 'done', updatedAt: FRESH, result: '"r"' });
    for (const run of ['old', 'fresh']) await putStep(run, '"result"');
    const event = { type: 'stage_entered', payload: { stage: 'debug', visit: 1 } };
    await appendEvents(store.queries, { runId: 'old', workflowId: 'old', workspace: '/p' }, [event], OLD);
    expect(await prune(store, NOW)).toBe(1);
    expect(await runOf('old')).toMatchObject({ status: 'done', request: null, result: null });
    expect(await runOf('fresh')).toMatchObject({ request: '{"a":1}', result: '"r"' });
    expect(await stepsLeft()).toEqual(['fresh']);
    expect(await readEvents(store.queries)).toHaveLength(1);
  });

  it('gives up runs that were interrupted or crashed long ago, so that nothing resumes without its steps', async () => {
    await putRun(store, 'interrupted', { ...free, status: 'cancelled', updatedAt: OLD });
    await putRun(store, 'crashed', { leaseUntil: OLD, updatedAt: OLD });
    await putStep('crashed', '1');
    expect(await prune(store, NOW)).toBe(2);
    for (const id of ['interrupted', 'crashed'])
      expect(await runOf(id)).toMatchObject({
        status: 'failed',
        error: 'never resumed',
        owner: null,
        lease_until: null,
      });
    expect(await stepsLeft()).toEqual([]);
  });

  it('leaves alone what is being worked on, and what was interrupted lately', async () => {
    await putRun(store, 'working', { updatedAt: OLD });
    await putRun(store, 'interrupted', { ...free, status: 'cancelled', updatedAt: FRESH });
    await putRun(store, 'crashed', { leaseUntil: FRESH, updatedAt: FRESH });
    for (const run of ['working', 'interrupted', 'crashed']) await putStep(run, '1');
    expect(await prune(store, NOW)).toBe(0);
    expect(await stepsLeft()).toEqual(['crashed', 'interrupted', 'working']);
  });

  it('empties the oldest finished runs while together they hold too much, and the file shrinks', async () => {
    for (const n of [1, 2, 3]) {
      await putRun(store, `r${n}`, { ...free, status: 'failed', updatedAt: FRESH + n });
      await putStep(`r${n}`, JSON.stringify('x'.repeat(1_000_000)));
    }
    await store.close();
    const before = statSync(store.file).size;
    store = await openStore(store.file);
    expect(await prune(store, NOW, { ...KEPT, maxBytes: 2_100_000 })).toBe(1);
    expect(await stepsLeft()).toEqual(['r2', 'r3']);
    await store.close();
    expect(statSync(store.file).size).toBeLessThan(before - 900_000);
  });

  it('has nothing to do a second time', async () => {
    await putRun(store, 'old', { ...free, status: 'done', updatedAt: OLD });
    expect([await prune(store, NOW), await prune(store, NOW)]).toEqual([1, 0]);
  });
});
