import { mkdirSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { diskOf, putting, sharedTurns } from '../../src/store/disk.ts';
import { appendEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { opened, stateFile } from './state-file.ts';

const write = (store: Store, count = 1) => {
  const origin = { runId: 'r', workflowId: 'w', workspace: '/w' };
  const event = { type: 'workflow_opened', payload: { task: 'x'.repeat(1_000) } };
  return appendEvents(store.queries, origin, Array<typeof event>(count).fill(event), 1);
};

const nothing = async () => undefined;

/** Work whose turns end when they are told to. */
function heldWork() {
  const turns: Array<PromiseWithResolvers<void>> = [];
  const work = (): Promise<void> => {
    const turn = Promise.withResolvers<void>();
    turns.push(turn);
    return turn.promise;
  };
  return { turns, ask: sharedTurns(work) };
}

describe('turns that are shared', () => {
  it('begin at once where none is under way', async () => {
    const { turns, ask } = heldWork();
    for (let n = 0; n < 2; n++) {
      const asked = ask();
      expect(turns).toHaveLength(n + 1);
      turns[n]!.resolve();
      await asked;
    }
  });

  it('are not joined once they have begun: who comes meanwhile has the next one, all together', async () => {
    const { turns, ask } = heldWork();
    const over: string[] = [];
    const first = ask().then(() => over.push('first'));
    const later = ['second', 'third'].map((name) => ask().then(() => over.push(name)));
    turns[0]!.resolve();
    await first;
    await setImmediate();
    expect(turns).toHaveLength(2);
    expect(over).toEqual(['first']);
    const last = ask().then(() => over.push('last'));
    turns[1]!.resolve();
    await Promise.all(later);
    await setImmediate();
    expect(over).toEqual(['first', 'second', 'third']);
    turns[2]!.resolve();
    await last;
    expect(turns).toHaveLength(3);
  });

  it('fail for all who share them and for nobody else', async () => {
    const { turns, ask } = heldWork();
    const first = ask();
    const [second, third] = [ask(), ask()];
    turns[0]!.reject(new Error('one'));
    await expect(first).rejects.toThrow('one');
    await setImmediate();
    const fourth = ask();
    turns[1]!.reject(new Error('two'));
    await expect(second).rejects.toThrow('two');
    await expect(third).rejects.toThrow('two');
    await setImmediate();
    turns[2]!.resolve();
    await fourth;
  });
});

describe('what is put on the disk', () => {
  /** A disk that notes what it is asked for, and what was committed by then. */
  function noted(committed: readonly string[] = []) {
    const asked: string[] = [];
    const ask = (how: string) => async () => void asked.push([how, ...committed].join(' '));
    return { asked, put: putting({ now: ask('now'), meanwhile: ask('meanwhile') }) };
  }

  it('is put there at once for who is alone, after it was committed', async () => {
    const committed: string[] = [];
    const { asked, put } = noted(committed);
    for (const name of ['a', 'b']) expect(await put(async () => committed.push(name))).toBe(committed.length);
    expect(asked).toEqual(['now a', 'now a b']);
  });

  it('is put there once for all who come together, after the last of them', async () => {
    const committed: string[] = [];
    const { asked, put } = noted(committed);
    const names = ['a', 'b', 'c'];
    await Promise.all(names.map((name) => put(async () => void committed.push(name))));
    expect(asked.length).toBeLessThan(names.length);
    expect(asked.at(-1)).toContain('a b c');
  });

  it('is not put there when it is not committed, which holds up nobody', async () => {
    const { asked, put } = noted();
    await expect(put(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(asked).toEqual([]);
    await put(nothing);
    expect(asked).toEqual(['now']);
  });
});

describe('the disk under a state file', () => {
  it('takes the log, which stays one and the same file while somebody has the state file open', async () => {
    const file = stateFile();
    const store = await opened(file);
    await write(store);
    await store.disk!.put(nothing);
    const { ino } = statSync(`${file}-wal`);
    await write(store, 400);
    await sql`pragma wal_checkpoint(truncate)`.execute(store.queries);
    const other = await opened(file);
    await write(other, 400);
    await other.disk!.put(nothing);
    await other.close();
    await write(store);
    await store.disk!.put(nothing);
    expect(statSync(`${file}-wal`).ino).toBe(ino);
  });

  it('is let go with the state file, also when it was never needed', async () => {
    const [used, unused] = [await opened(), await opened()];
    await used.disk!.put(nothing);
    await used.close();
    await unused.close();
  });

  it('says which state file it is about when it refuses, and is tried again', async () => {
    const file = stateFile();
    const disk = diskOf(file);
    mkdirSync(`${file}-wal`);
    for (const times of [1, 2])
      await expect(Promise.all(Array.from({ length: times }, () => disk.put(nothing)))).rejects.toMatchObject({
        code: 'store_unwritable',
        message: expect.stringContaining(file),
      });
    const store = await opened();
    const again = diskOf(store.file);
    await again.put(nothing);
    await Promise.all([again.close(), disk.close()]);
  });
});
