import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { putting } from '../../src/store/disk.ts';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { lasting } from '../../src/store/lasting.ts';
import type { Store } from '../../src/store/open.ts';
import type { Queries } from '../../src/store/schema.ts';
import { opened, stateFile } from './state-file.ts';

const ORIGIN = { runId: 'r', workflowId: 'w', workspace: '/w' };
const note = (queries: Queries, task: string) =>
  appendEvents(queries, ORIGIN, [{ type: 'workflow_opened', payload: { task } }], 1);

let store: Store;
let other: Store;
beforeEach(async () => {
  const file = stateFile();
  [store, other] = [await opened(file), await opened(file)];
});
const tasks = async (at: Store) => (await readEvents(at.queries)).map(({ payload }) => Reflect.get(payload, 'task'));
/** The store over a disk that does this. */
const over = (flush: () => Promise<void>) => ({
  ...store,
  disk: { put: putting({ now: flush, meanwhile: flush }), close: async () => undefined },
});

describe('a lasting transaction', () => {
  it('resolves with what its work does once the disk has it, which is asked after it is committed', async () => {
    const seen: unknown[] = [];
    const result = await lasting(
      over(async () => void seen.push(await tasks(other))),
      async (trx) => {
        await note(trx, 'a');
        return 7;
      },
    );
    expect(result).toBe(7);
    expect(seen).toEqual([['a']]);
  });

  it('does not keep others from writing while the disk takes it', async () => {
    const disk = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = lasting(
      over(() => {
        begun.resolve();
        return disk.promise;
      }),
      (trx) => note(trx, 'a'),
    );
    await begun.promise;
    await note(store.queries, 'b');
    await note(other.queries, 'c');
    disk.resolve();
    await first;
    expect(await tasks(store)).toEqual(['a', 'b', 'c']);
  });

  it('is undone as a whole when its work fails, and the disk is left alone', async () => {
    let flushes = 0;
    const failing = lasting(
      over(async () => void flushes++),
      async (trx) => {
        await note(trx, 'a');
        throw new Error('no');
      },
    );
    await expect(failing).rejects.toThrow('no');
    expect(await tasks(store)).toEqual([]);
    expect(flushes).toBe(0);
  });

  it('fails when the disk refuses', async () => {
    const refusing = over(() => Promise.reject(new Error('input/output error')));
    await expect(lasting(refusing, (trx) => note(trx, 'a'))).rejects.toThrow('input/output error');
  });

  it('waits for the disk by itself where there is no log to flush', async () => {
    const level = await lasting({ ...store, disk: null }, async (trx) => {
      const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(trx);
      return rows[0]!.synchronous;
    });
    expect(level).toBe(2);
  });

  it('works over the real disk, many at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => lasting(store, (trx) => note(trx, `${n}`))));
    expect((await tasks(other)).sort()).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`).sort());
  });
});
