import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { storeDialect } from './dialect.ts';
import { type Disk, diskOf, type OpenLog } from './disk.ts';
import { busy, corrupted, explained, tooNew } from './failures.ts';
import { type Header, readHeader } from './header.ts';
import { clearLeftBehind, remembered } from './left-behind.ts';
import { APPLICATION_ID, migrate, newestVersion, versionOf } from './migrate.ts';
import { BLOCKING_MS, whileBusy } from './patience.ts';
import type { Queries } from './schema.ts';

/** The open state file. Every failure of a query that a user can do something about is a MaestroError. */
export interface Store extends AsyncDisposable {
  readonly file: string;
  readonly queries: Queries;
  /** What `lasting` transactions wait for; null where each transaction has to wait for the disk by itself. */
  readonly disk: Disk | null;
  /** Whether what is open is still what lies at the path; false once that was deleted, moved or replaced, and what is written is lost. */
  isInPlace(): boolean;
  /** Gives the space of dropped rows back to the disk. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the state file, creating it and its folder (for this user only) where missing, and brings it to this
 * version's schema. Several processes may have it open. Throws `store_too_new`, `store_corrupted`, `store_unwritable`,
 * `store_busy` or `disk_full`; a file that is refused is left as it is.
 */
export async function openStore(path: string, openLog?: OpenLog): Promise<Store> {
  const file = resolve(path);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const newest = await newestVersion();
    const name = await nameFor(file);
    await clearLeftBehind(name);
    const header = await readHeader(name);
    refuseByHeader(file, header, newest);
    const db = await connect(file);
    try {
      await whileBusy(() => prepare(db, file, header, newest));
      await migrate(db, newest);
      return await asStore(db, file, openLog);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw explained(error, file);
  }
}

/** What can be told without opening, so that SQLite leaves nothing beside a file that is not for us. */
function refuseByHeader(file: string, header: Header | null, newest: number): void {
  if (header?.kind === 'foreign') throw corrupted(file, 'it is not a SQLite database');
  if (header?.orphanedLog) throw corrupted(file, 'it is empty, but its write-ahead log is not');
  if (header && header.userVersion > newest) throw tooNew(file, header.userVersion, newest);
}

async function connect(file: string): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  return new Sqlite(file, { timeout: BLOCKING_MS });
}

function prepare(db: Database, file: string, header: Header | null, newest: number): void {
  const version = versionOf(db);
  if (version > newest) throw tooNew(file, version, newest);
  refuseForeignTables(db, file, version);
  if (header?.tooShort) refuseDamage(db, file);
  if (version === 0) db.pragma('auto_vacuum = incremental');
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('foreign_keys = on');
  db.pragma('journal_size_limit = 16777216');
}

function refuseForeignTables(db: Database, file: string, version: number): void {
  const owner = db.pragma('application_id', { simple: true });
  const tables = db.prepare('select count(*) as n from sqlite_master').get() as { n: number };
  const ours = version === 0 ? tables.n === 0 : owner === APPLICATION_ID;
  if (!ours) throw corrupted(file, 'it is a database of another program');
}

function refuseDamage(db: Database, file: string): void {
  const problem = db.pragma('quick_check(1)', { simple: true });
  if (problem !== 'ok') throw corrupted(file, String(problem).replaceAll(/\s+/g, ' '));
}

/** Kysely is loaded here, not at the top: a command that needs no state should not wait for it. */
async function asStore(db: Database, file: string, openLog?: OpenLog): Promise<Store> {
  const { Kysely, SqliteDialect } = await import('kysely');
  const queries: Queries = new Kysely({ dialect: storeDialect(db, file, new SqliteDialect({ database: db })) });
  const name = nameOf(db);
  const disk = hasLog(db) ? await diskOf(name, file, () => emptyLog(queries, file), openLog) : null;
  const place = remembered(db, name);
  const close = async (): Promise<void> => {
    place.forget();
    await disk?.close();
    await queries.destroy();
    if (db.open) db.close();
  };
  const compact = async (): Promise<void> => {
    await whileBusy(() => db.exec('pragma incremental_vacuum')).catch((error: unknown) => {
      throw explained(error, file);
    });
  };
  return { file, queries, disk, isInPlace: place.isInPlace, compact, close, [Symbol.asyncDispose]: close };
}

/** Some file systems allow no write-ahead log. On macOS Node flushes more than SQLite does, which takes long. */
function hasLog(db: Database): boolean {
  return process.platform !== 'darwin' && db.pragma('journal_mode', { simple: true }) === 'wal';
}

/** The path SQLite will go by when it opens the file at `file`. */
async function nameFor(file: string): Promise<string> {
  return realpath(file).catch(async () => join(await realpath(dirname(file)), basename(file)));
}

/** The path SQLite goes by, all links resolved: the log lies beside that. */
function nameOf(db: Database): string {
  const [main] = db.pragma('database_list') as [{ file: string }];
  return main.file;
}

/** Brings all of the log into the state file, on the disk, so that the log begins anew. */
async function emptyLog(queries: Queries, file: string): Promise<void> {
  const { sql } = await import('kysely');
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(queries);
  if (rows[0]?.busy !== 0) throw busy(file);
}
