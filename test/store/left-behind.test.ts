import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { startChild } from './child-process.ts';
import { opened, stateFile, temporaryFolder } from './state-file.ts';

const EVENT = { type: 'workflow_opened', payload: { task: 'x'.repeat(500) } };
const HOLDER = new URL('./held-file.ts', import.meta.url);

/** Writes so many events of a run, in one transaction. */
const write = ({ queries }: Store, runId: string, count = 1) =>
  appendEvents(queries, { runId, workflowId: 'w', workspace: '/w' }, Array<typeof EVENT>(count).fill(EVENT), 1);

const runs = async ({ queries }: Store) => [...new Set((await readEvents(queries)).map(({ runId }) => runId))];

/** A closed state file with events of this run, and nothing beside it. */
async function filled(runId: string, count = 1): Promise<string> {
  const file = stateFile();
  await using store = await openStore(file);
  await write(store, runId, count);
  return file;
}

function damageOf(file: string): unknown {
  const raw = new Sqlite(file, { readonly: true });
  try {
    return raw.pragma('integrity_check', { simple: true });
  } finally {
    raw.close();
  }
}

const refused = (file: string) =>
  openStore(file).then(
    (store) => store.close(),
    (error: unknown) => error,
  );

describe('a state file that is gone while it is open', () => {
  it.each([
    ['alone', ['']],
    ['with its log', ['', '-wal']],
    ['with its index', ['', '-shm']],
    ['with all that lies beside it', ['', '-wal', '-shm']],
  ])('deleted %s is begun anew, whatever goes on in the old one', async (_, suffixes) => {
    const old = await opened();
    const { file } = old;
    await write(old, 'old');
    for (const suffix of suffixes) rmSync(`${file}${suffix}`);
    expect(old.isInPlace()).toBe(false);
    const store = await opened(file);
    for (const n of [1, 2, 3]) {
      await write(store, `new ${n}`);
      await write(old, `old ${n}`);
    }
    expect(await runs(store)).toEqual(['new 1', 'new 2', 'new 3']);
    await old.close();
    await write(store, 'new 4');
    await store.close();
    expect(await runs(await opened(file))).toEqual(['new 1', 'new 2', 'new 3', 'new 4']);
    expect(damageOf(file)).toBe('ok');
  });

  it('replaced by another is not damaged by the log of the one before', async () => {
    const file = await filled('old', 3000);
    const old = await opened(file);
    await write(old, 'old, in the log', 40);
    renameSync(await filled('backup', 1200), file);
    const store = await opened(file);
    await write(store, 'new');
    await write(old, 'lost');
    await old.close();
    await store.close();
    expect(damageOf(file)).toBe('ok');
    expect(await runs(await opened(file))).toEqual(['backup', 'new']);
  });

  it('replaced together with its log keeps the log that came with it', async () => {
    const old = await opened();
    await write(old, 'old');
    const source = await opened();
    await write(source, 'backup, in the log');
    const folder = temporaryFolder();
    for (const suffix of ['', '-wal'])
      writeFileSync(join(folder, `copy${suffix}`), readFileSync(`${source.file}${suffix}`));
    for (const suffix of ['', '-wal']) renameSync(join(folder, `copy${suffix}`), `${old.file}${suffix}`);
    expect(await runs(await opened(old.file))).toEqual(['backup, in the log']);
    expect(damageOf(old.file)).toBe('ok');
  });

  it('moved away takes with it what only its log held', async () => {
    const old = await opened();
    await write(old, 'old');
    const moved = join(temporaryFolder(), 'moved.db');
    renameSync(old.file, moved);
    expect(await runs(await opened(old.file))).toEqual([]);
    expect(await runs(await opened(moved))).toEqual(['old']);
  });

  it('is told where a link leads to it, too', async () => {
    const link = join(temporaryFolder(), 'link.db');
    const file = await filled('old');
    symlinkSync(file, link);
    const old = await opened(link);
    await write(old, 'old, in the log');
    renameSync(await filled('backup'), file);
    expect(old.isInPlace()).toBe(false);
    expect(await runs(await opened(link))).toEqual(['backup']);
    expect(damageOf(file)).toBe('ok');
  });

  it('is opened anew as often as it goes, and leaves nothing beside it', async () => {
    const file = stateFile();
    for (const n of [1, 2, 3]) {
      const store = await opened(file);
      await write(store, `${n}`);
      expect(await runs(store)).toEqual([`${n}`]);
      rmSync(file);
    }
    const last = await opened(file);
    expect(readdirSync(dirname(file)).sort()).toEqual(['state.db', 'state.db-shm', 'state.db-wal']);
    await last.close();
    expect(readdirSync(dirname(file))).toEqual(['state.db']);
  });
});

describe('what an open state file left behind', () => {
  it('stays where another process uses the file there is now, which is refused with what to do', async () => {
    const old = await opened();
    const { file } = old;
    await write(old, 'old');
    renameSync(await filled('backup'), file);
    const holder = startChild(HOLDER, [file]);
    await holder.said('open');
    const log = statSync(`${file}-wal`).ino;
    expect(await refused(file)).toMatchObject({
      code: 'store_corrupted',
      message: expect.stringContaining(file),
      remedy: expect.stringContaining(`move ${file}-wal and ${file}-shm away`),
    });
    expect(statSync(`${file}-wal`).ino).toBe(log);
    expect(readdirSync(dirname(file)).sort()).toEqual(['state.db', 'state.db-shm', 'state.db-wal']);
    holder.process.kill('SIGKILL');
    await holder.ended;
  });

  it('is removed where another process only has the old file open', async () => {
    const old = await opened();
    await write(old, 'old');
    const holder = startChild(HOLDER, [old.file]);
    await holder.said('open');
    rmSync(old.file);
    const store = await opened(old.file);
    await write(store, 'new');
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(await runs(store)).toEqual(['new']);
  });

  it('stays beside a file that is no database, which is refused and left as it is', async () => {
    const old = await opened();
    await write(old, 'old');
    const other = join(temporaryFolder(), 'diary');
    writeFileSync(other, 'dear diary\n'.repeat(1000));
    renameSync(other, old.file);
    expect(await refused(old.file)).toMatchObject({ code: 'store_corrupted' });
    expect(readFileSync(old.file, 'utf8')).toBe('dear diary\n'.repeat(1000));
    expect(existsSync(`${old.file}-wal`)).toBe(true);
  });

  it('stays where a link now leads elsewhere: its file is still in place', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'home'));
    const link = join(folder, 'home', 'state.db');
    const [first, second] = [await filled('first'), await filled('second')];
    symlinkSync(first, link);
    const old = await opened(link);
    await write(old, 'first, in the log');
    rmSync(link);
    symlinkSync(second, link);
    expect(await runs(await opened(link))).toEqual(['second']);
    expect(await runs(await opened(first))).toEqual(['first', 'first, in the log']);
  });

  it('of a store that is closed is not looked for', async () => {
    const file = await filled('closed');
    writeFileSync(`${file}-wal`, 'not ours');
    writeFileSync(file, '');
    expect(await refused(file)).toMatchObject({ code: 'store_corrupted' });
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('not ours');
  });
});
