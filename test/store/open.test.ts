import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { openStore } from '../../src/store/open.ts';
import { startChild } from './child-process.ts';
import { opened, stateFile, temporaryFolder } from './state-file.ts';

const ORIGIN = { runId: 'r', workflowId: 'w', workspace: '/p' };
const EVENT = { type: 'stage_entered', payload: { stage: 'analyze', visit: 1 } };
/** The program that lets anyone mount a small disk, where the system allows it. */
const NAMESPACES = 'unshare';
const CHILD = new URL('./open-child.ts', import.meta.url);

/** A closed state file with so many events in it. */
async function filled(events: number): Promise<string> {
  const file = stateFile();
  await using store = await openStore(file);
  await appendEvents(store.queries, ORIGIN, Array(events).fill(EVENT), 1);
  return file;
}

function readableByNobody(program: URL): boolean {
  const read = 'require("node:fs").readFileSync(process.argv[1])';
  return spawnSync(process.execPath, ['-e', read, program.pathname], { uid: 65_534, gid: 65_534 }).status === 0;
}

describe('opening the state file', () => {
  it('creates the file and its folder, for this user only', async () => {
    const file = join(temporaryFolder(), 'a', 'b', 'state.db');
    const store = await opened(file);
    expect(await readEvents(store.queries)).toEqual([]);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('uses a write-ahead log that survives the loss of power, with foreign keys on', async () => {
    const store = await opened();
    const raw = new Sqlite(store.file, { readonly: true });
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    raw.close();
    await expect(
      store.queries.insertInto('steps').values({ run_id: 'none', name: 's', result: '1', committed_at: 1 }).execute(),
    ).rejects.toThrow('FOREIGN KEY');
  });

  it('takes a file without content for a new one', async () => {
    const file = stateFile();
    writeFileSync(file, '');
    const store = await opened(file);
    expect(await readEvents(store.queries)).toEqual([]);
  });

  it('keeps what was committed when it is opened again', async () => {
    const store = await opened(await filled(3));
    expect((await readEvents(store.queries)).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('can be opened by several processes at the same first moment', async () => {
    const file = stateFile();
    const children = Array.from({ length: 4 }, () => startChild(CHILD, [file, '25']));
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const store = await opened(file);
    expect(await readEvents(store.queries)).toHaveLength(100);
  });

  it('rolls a transaction back as a whole when something in it throws', async () => {
    const store = await opened();
    const attempt = store.queries.transaction().execute(async (trx) => {
      await appendEvents(trx, ORIGIN, [EVENT], 1);
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await readEvents(store.queries)).toEqual([]);
  });

  it('lets queries wait for a transaction of the same process, never slip into it', async () => {
    const store = await opened();
    const transaction = store.queries.transaction().execute(async (trx) => {
      await appendEvents(trx, ORIGIN, [EVENT], 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('no');
    });
    const beside = appendEvents(store.queries, { ...ORIGIN, runId: 'beside' }, [EVENT], 2);
    await expect(transaction).rejects.toThrow('no');
    await beside;
    expect((await readEvents(store.queries)).map(({ runId }) => runId)).toEqual(['beside']);
  });

  it('waits for the lock of another process without blocking the event loop for long', async () => {
    const store = await opened();
    const other = new Sqlite(store.file);
    other.exec('begin immediate');
    const waiting = appendEvents(store.queries, ORIGIN, [EVENT], 1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    other.exec('rollback');
    other.close();
    await waiting;
    expect(await readEvents(store.queries)).toHaveLength(1);
  });
});

describe('a state file that cannot be used', () => {
  const refused = async (file: string): Promise<unknown> =>
    openStore(file).then(
      (store) => store.close(),
      (error) => error,
    );

  it('of a newer version is refused with what to do, and not touched by a byte', async () => {
    const file = await filled(1);
    const raw = new Sqlite(file);
    raw.pragma('journal_mode = delete');
    raw.pragma('user_version = 99');
    raw.close();
    const before = readFileSync(file);
    expect(await refused(file)).toMatchObject({
      code: 'store_too_new',
      message: `the state file ${file} has version 99, this program knows versions up to 2`,
      remedy: expect.stringContaining('update maestro-workflow'),
    });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(dirname(file))).toEqual(['state.db']);
  });

  it('of a newer version is refused even while only its write-ahead log says so', async () => {
    const file = await filled(1);
    const newer = new Sqlite(file);
    newer.pragma('user_version = 99');
    expect(await refused(file)).toMatchObject({ code: 'store_too_new' });
    newer.close();
  });

  it('that is no database is named, and left as it is', async () => {
    const file = stateFile();
    writeFileSync(file, 'dear diary\n'.repeat(1000));
    const before = readFileSync(file);
    expect(await refused(file)).toMatchObject({
      code: 'store_corrupted',
      message: `the state file ${file} is damaged: it is not a SQLite database`,
      remedy: expect.stringContaining(`move it and the files beside it (${file}-wal, ${file}-shm) away`),
    });
    expect(readFileSync(file)).toEqual(before);
  });

  it('that belongs to another program is named as such', async () => {
    const file = stateFile();
    const raw = new Sqlite(file);
    raw.exec('create table bookmarks (url text)');
    raw.close();
    expect(await refused(file)).toMatchObject({
      code: 'store_corrupted',
      message: expect.stringContaining('another program'),
    });
  });

  it.each([50, 100, 4096, 3 * 4096, 10_000])('cut off after %i bytes is damaged', async (size) => {
    const file = await filled(2000);
    truncateSync(file, size);
    expect(await refused(file)).toMatchObject({ code: 'store_corrupted', message: expect.stringContaining(file) });
    expect(statSync(file).size).toBe(size);
  });

  it('that is empty beside a log with content is damaged: the log holds the only copy', async () => {
    const file = stateFile();
    const store = await openStore(file);
    await appendEvents(store.queries, ORIGIN, [EVENT], 1);
    const copy = join(temporaryFolder(), 'state.db');
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    await store.close();
    writeFileSync(copy, '');
    expect(await refused(copy)).toMatchObject({ code: 'store_corrupted' });
    expect(statSync(`${copy}-wal`).size).toBeGreaterThan(0);
  });

  it('with garbage in its middle says so when the damage is met', async () => {
    const file = await filled(2000);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
    const met = await openStore(file)
      .then(
        (store) => readEvents(store.queries).finally(() => store.close()),
        (error: unknown) => Promise.reject(error),
      )
      .catch((error: unknown) => error);
    expect(met).toMatchObject({ code: 'store_corrupted', message: expect.stringContaining(file) });
  });

  it('that is a folder, or lies below a file, cannot be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'plain'), 'x');
    expect(await refused(folder)).toMatchObject({ code: 'store_unwritable', message: expect.stringContaining(folder) });
    expect(await refused(join(folder, 'plain', 'state.db'))).toMatchObject({ code: 'store_unwritable' });
  });

  it('in a folder that is read-only cannot be written, new or old', async ({ skip }) => {
    const asNobody = process.getuid?.() === 0;
    if (asNobody && !readableByNobody(CHILD)) skip('root may write anywhere, and nobody else may read this checkout');
    const file = await filled(1);
    const empty = temporaryFolder();
    for (const folder of [dirname(file), empty]) chmodSync(folder, 0o555);
    for (const each of [file, join(empty, 'state.db'), join(empty, 'deeper', 'state.db')]) {
      const { code, stderr } = await startChild(CHILD, [each, '1'], asNobody).ended;
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining(`store_unwritable: the state file ${each} cannot be written`),
      ]);
    }
  });

  it('on a full disk says so, keeps what was committed, and works again once there is space', async ({ skip }) => {
    const folder = temporaryFolder();
    const mount = join(folder, 'small');
    mkdirSync(mount);
    const script =
      'mount -t tmpfs -o size=900k tmpfs "$1" && head -c 300000 /dev/zero > "$1/ballast" && exec "$2" "$3" "$1/state.db" 100000 "$1/ballast"';
    if (spawnSync(NAMESPACES, ['-rm', 'true']).status !== 0)
      skip('a small disk needs a user namespace with mounts, which this system does not allow');
    const { status, stdout, stderr } = spawnSync(
      NAMESPACES,
      ['-rm', 'sh', '-c', script, 'sh', mount, process.execPath, CHILD.pathname],
      { encoding: 'utf8', timeout: 40_000 },
    );
    expect(stderr).toMatch(
      new RegExp(`^disk_full: no space left on the disk of the state file ${mount}/state.db\nkept [1-9]\\d*\n$`),
    );
    expect([status, stdout]).toEqual([3, 'with space again: 1 more\n']);
  });
});
