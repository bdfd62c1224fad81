import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { opened } from './state-file.ts';

const entered = (visit: number) => ({ type: 'stage_entered', payload: { stage: 'analyze', visit } });
const ORIGIN = { runId: 'r1', workflowId: 'w1', workspace: '/p' };

describe('the ledger', () => {
  let store: Store;
  beforeEach(async () => {
    store = await opened();
  });

  it('gives events back as they were recorded, in order, with whose they are and when', async () => {
    await appendEvents(store.queries, ORIGIN, [entered(1), entered(2)], 1000);
    expect(await readEvents(store.queries)).toEqual([
      { id: 1, ...ORIGIN, at: 1000, ...entered(1) },
      { id: 2, ...ORIGIN, at: 1000, ...entered(2) },
    ]);
  });

  it('keeps any text: quotes, newlines, other scripts, what looks like SQL', async () => {
    const reason = `'; drop table events; -- "ü\n\u{1F3BC}\u0000 end`;
    const payload = { subject: 'consult', decision: 'allow', rule: 'r', reason, forced: false };
    await appendEvents(store.queries, ORIGIN, [{ type: 'policy_decided', payload }], 1);
    expect((await readEvents(store.queries))[0]?.payload).toEqual(payload);
  });

  it('appends thousands at once', async () => {
    await appendEvents(
      store.queries,
      ORIGIN,
      Array.from({ length: 3001 }, (_, visit) => entered(visit)),
      1,
    );
    const events = await readEvents(store.queries);
    expect(events.map(({ payload }) => 'visit' in payload && payload.visit)).toEqual([...Array(3001).keys()]);
  });

  it('does nothing when there is nothing to append', async () => {
    await appendEvents(store.queries, ORIGIN, [], 1);
    expect(await readEvents(store.queries)).toEqual([]);
  });

  it.each([
    ['update', "update events set type = 'x'"],
    ['delete', 'delete from events'],
    ['replace', "insert or replace into events values (1, 'r', 'w', '/p', 'x', '{}', 1)"],
    ['upsert', "insert into events values (1, 'r', 'w', '/p', 'x', '{}', 1) on conflict do update set type = 'x'"],
  ])('refuses %s, from any program that opens the file', async (_, statement) => {
    await appendEvents(store.queries, ORIGIN, [entered(1)], 1);
    const raw = new Sqlite(store.file);
    expect(() => raw.exec(statement)).toThrow('events are append-only');
    raw.close();
    expect(await readEvents(store.queries)).toEqual([{ id: 1, ...ORIGIN, at: 1, ...entered(1) }]);
  });

  it('refuses an event that the catalogue does not know or whose payload does not fit, and then appends none', async () => {
    const append = (event: { type: string; payload: Record<string, string> }) =>
      appendEvents(store.queries, ORIGIN, [entered(1), event], 1);
    await expect(append({ type: 'lunch', payload: {} })).rejects.toThrow("event 'lunch'");
    await expect(append({ type: 'stage_entered', payload: { stage: 'lunch' } })).rejects.toThrow('payload.stage');
    expect(await readEvents(store.queries)).toEqual([]);
  });

  it('refuses a payload over 64 KB', async () => {
    const payload = { stage: 'debug', visit: 1, outcome: 'done', summary: 'x'.repeat(262_144), ms: 1 };
    await expect(appendEvents(store.queries, ORIGIN, [{ type: 'stage_left', payload }], 1)).rejects.toThrow(
      "the payload of event 'stage_left' has",
    );
  });

  it('reads by run, workflow, workspace and time, and in pages', async () => {
    for (const [n, origin] of [
      ORIGIN,
      { ...ORIGIN, runId: 'r2' },
      { ...ORIGIN, runId: 'r3', workflowId: 'w2' },
      { runId: 'r4', workflowId: 'w3', workspace: '/q' },
    ].entries())
      await appendEvents(store.queries, origin, [entered(1)], 1000 + n);
    const ids = async (filter: Parameters<typeof readEvents>[1]) =>
      (await readEvents(store.queries, filter)).map(({ id }) => id);
    expect(await ids({ runId: 'r2' })).toEqual([2]);
    expect(await ids({ workflowId: 'w1' })).toEqual([1, 2]);
    expect(await ids({ workspace: '/p' })).toEqual([1, 2, 3]);
    expect(await ids({ workspace: '/p', since: 1001 })).toEqual([2, 3]);
    expect(await ids({ limit: 2 })).toEqual([1, 2]);
    expect(await ids({ after: 2, limit: 2 })).toEqual([3, 4]);
    expect(await ids({ workspace: '/none' })).toEqual([]);
  });

  it('leaves out types that only a newer version knows', async () => {
    const row = { run_id: 'r', workflow_id: 'w', workspace: '/p', type: 'duel_fought', payload: '{}', at: 1 };
    await store.queries.insertInto('events').values(row).execute();
    await appendEvents(store.queries, ORIGIN, [entered(1)], 1);
    expect((await readEvents(store.queries)).map(({ id }) => id)).toEqual([2]);
  });
});
