import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Disk, diskOf, type OpenLog, putting, sharedTurns } from '../../src/store/disk.ts';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { refusedByDisk } from '../../src/store/failures.ts';
import { lasting } from '../../src/store/lasting.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { opened, stateFile, temporaryFolder } from './state-file.ts';

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

  it('lies beside the file that a link leads to', async () => {
    const folder = temporaryFolder();
    const [real, home] = [join(folder, 'real'), join(folder, 'home')];
    for (const each of [real, home]) mkdirSync(each);
    await (await openStore(join(real, 'state.db'))).close();
    symlinkSync(join(real, 'state.db'), join(home, 'state.db'));
    symlinkSync(home, join(folder, 'linked'));
    for (const file of [join(home, 'state.db'), join(folder, 'linked', 'state.db')]) {
      await using store = await openStore(file);
      await store.disk!.put(() => write(store));
      await Promise.all([1, 2].map(() => store.disk!.put(() => write(store))));
    }
    expect((await readEvents((await opened(join(real, 'state.db'))).queries)).length).toBe(6);
  });
});

describe('a disk that refuses', () => {
  /** A log whose flushes end with this code while it is set. */
  function unreliable() {
    const told = { code: null as string | null };
    const openLog: OpenLog = async (path, flags) => {
      const log = await open(path, flags);
      return {
        // The number of no open file: what is flushed at once is refused by the system itself.
        get fd() {
          return told.code === null ? log.fd : -1;
        },
        datasync: async () => {
          if (told.code !== null) throw Object.assign(new Error('refused'), { code: told.code });
          await log.datasync();
        },
        close: () => log.close(),
      };
    };
    return { told, openLog };
  }
  /** The disk over such a log, and how often all was brought to it anew. */
  async function unreliableDisk() {
    const { file } = await opened();
    const { told, openLog } = unreliable();
    const anew = { refusal: null as Error | null, times: 0 };
    const rewrite = async () => {
      anew.times += 1;
      if (anew.refusal) throw anew.refusal;
    };
    const disk = await diskOf(file, file, rewrite, openLog);
    onTestFinished(() => disk.close());
    return { file, told, anew, disk };
  }
  /** Two at a time; rejects, once both are over, when one of them was refused. */
  const together = async (disk: Disk) => {
    for (const end of await Promise.allSettled([1, 2].map(() => disk.put(nothing))))
      if (end.status === 'rejected') throw end.reason;
  };

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EIO', 'store_unwritable'],
    ['ENOENT', 'store_unwritable'],
    ['EMFILE', 'store_unwritable'],
    ['ENFILE', 'store_unwritable'],
  ])('with %s says %s of the state file, whoever waits', async (code, expected) => {
    const { file, told, disk } = await unreliableDisk();
    told.code = code;
    await expect(together(disk)).rejects.toMatchObject({ code: expected, message: expect.stringContaining(file) });
  });

  it('to who is alone says so of the state file', async () => {
    const { file, told, disk } = await unreliableDisk();
    told.code = 'EIO';
    await expect(disk.put(nothing)).rejects.toMatchObject({
      code: 'store_unwritable',
      message: expect.stringContaining(file),
    });
  });

  it('even of errors without a code says what can be told', () => {
    expect(refusedByDisk('odd', '/a.db')).toMatchObject({
      code: 'store_unwritable',
      message: expect.stringMatching('odd'),
    });
  });

  it.each([
    ['alone', (disk: Disk) => disk.put(nothing)],
    ['together', together],
  ])('is trusted again only once all was brought to it anew, %s', async (_, put) => {
    const { told, anew, disk } = await unreliableDisk();
    await put(disk);
    expect(anew.times).toBe(0);
    told.code = 'EIO';
    anew.refusal = new Error('still refused');
    await expect(put(disk)).rejects.toMatchObject({ code: 'store_unwritable' });
    told.code = null;
    for (const _ of [1, 2]) await expect(put(disk)).rejects.toMatchObject({ code: 'store_unwritable' });
    expect(anew.times).toBeGreaterThanOrEqual(2);
    anew.refusal = null;
    await put(disk);
    const { times } = anew;
    await put(disk);
    expect(anew.times).toBe(times);
  });

  it('gets the log of a store anew once nobody reads in it', async () => {
    const { told, openLog } = unreliable();
    await using store = await openStore(stateFile(), openLog);
    const put = () => store.disk!.put(() => write(store));
    const logSize = () => statSync(`${store.file}-wal`).size;
    told.code = 'EIO';
    await expect(put()).rejects.toMatchObject({ code: 'store_unwritable' });
    told.code = null;
    const reader = new Sqlite(store.file);
    reader.exec('begin');
    reader.prepare('select count(*) from events').get();
    await expect(put()).rejects.toMatchObject({ code: 'store_busy' });
    reader.exec('rollback');
    reader.close();
    await put();
    expect(logSize()).toBe(0);
    await put();
    expect(logSize()).toBeGreaterThan(0);
    expect(await readEvents(store.queries)).toHaveLength(4);
  });

  it('waits, before it gets the log anew, for the transaction that is under way', async () => {
    const { told, openLog } = unreliable();
    await using store = await openStore(stateFile(), openLog);
    const put = () => lasting(store, (trx) => write({ ...store, queries: trx }));
    told.code = 'EIO';
    await expect(put()).rejects.toMatchObject({ code: 'store_unwritable' });
    told.code = null;
    await Promise.all(Array.from({ length: 20 }, put));
    expect(await readEvents(store.queries)).toHaveLength(21);
  });

  it('refuses the opening when it lets nobody have the log', async () => {
    const file = stateFile();
    const refusing = async () => Promise.reject(Object.assign(new Error('too many'), { code: 'EMFILE' }));
    await expect(diskOf(file, file, nothing, refusing)).rejects.toMatchObject({ code: 'store_unwritable' });
    await expect(diskOf(file, file, nothing)).rejects.toMatchObject({ code: 'store_unwritable' });
  });
});
