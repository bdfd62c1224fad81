import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { relaxed } from '../../src/store/relaxed.ts';
import type { Queries } from '../../src/store/schema.ts';
import { opened, stateFile } from './state-file.ts';

const NORMAL = 1;
const FULL = 2;
const ORIGIN = { runId: 'r', workflowId: 'w', workspace: '/w' };

let store: Store;
let file: string;
beforeEach(async () => {
  file = stateFile();
  store = await opened(file);
});

async function waits(queries: Queries): Promise<number> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(queries);
  return rows[0]!.synchronous;
}

function open(queries: Queries, task: string): Promise<void> {
  return appendEvents(queries, ORIGIN, [{ type: 'workflow_opened', payload: { task } }], 1);
}

const tasks = async (at: Store): Promise<unknown[]> => (await readEvents(at.queries)).map(({ payload }) => payload);

describe('a relaxed transaction', () => {
  it('does not wait for the disk; those before and after it do', async () => {
    expect(await waits(store.queries)).toBe(FULL);
    expect(await relaxed(store.queries, waits)).toBe(NORMAL);
    expect(await waits(store.queries)).toBe(FULL);
    expect(await relaxed(store.queries, waits)).toBe(NORMAL);
    expect(await store.queries.transaction().execute(waits)).toBe(FULL);
  });

  it('hands back what its work does, and is seen by others once it is over', async () => {
    const other = await opened(file);
    const seen = await relaxed(store.queries, async (trx) => {
      await open(trx, 'a');
      return tasks(other);
    });
    expect(seen).toEqual([]);
    expect(await tasks(other)).toEqual([{ task: 'a' }]);
  });

  it('is undone as a whole when its work fails, and those after it wait for the disk', async () => {
    const failing = relaxed(store.queries, async (trx) => {
      await open(trx, 'a');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await tasks(store)).toEqual([]);
    expect(await waits(store.queries)).toBe(FULL);
  });

  it('is a part of the one it is made in, which waits for the disk as a whole', async () => {
    const level = store.queries.transaction().execute(async (trx) => {
      await relaxed(trx, (inner) => open(inner, 'a'));
      return waits(trx);
    });
    expect(await level).toBe(FULL);
    expect(await tasks(store)).toEqual([{ task: 'a' }]);
  });

  it('never lends its haste to another that is asked for meanwhile', async () => {
    const levels = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? relaxed(store.queries, waits) : store.queries.transaction().execute(waits),
      ),
    );
    expect(levels).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? NORMAL : FULL)));
  });
});
