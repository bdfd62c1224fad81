import { closeSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { besideAnothersLog, explained } from './failures.ts';
import { BLOCKING_MS } from './patience.ts';

/** A state file that this process has open, and which files it had then: SQLite opens its log and index by name. */
interface OpenFile {
  readonly name: string;
  readonly db: Database;
  readonly identities: ReadonlyMap<string, string | null>;
}

const COMPANIONS = ['-wal', '-shm'];
const openFiles = new Set<OpenFile>();

/** A state file that was opened under this path: whether it still lies there, and an end to asking. */
export interface Place {
  isInPlace(): boolean;
  forget(): void;
}

/** Remembers which file was opened under `name`, the path SQLite goes by, and which log and index lie beside it. */
export function remembered(db: Database, name: string): Place {
  const identity = identityOf(name);
  // Some network disks give a file another number each time: there it cannot be told.
  if (identity === null || identity !== identityOf(name)) return { isInPlace: () => true, forget: () => {} };
  const paths = ['', ...COMPANIONS].map((suffix) => `${name}${suffix}`);
  const one: OpenFile = { name, db, identities: new Map(paths.map((path) => [path, identityOf(path)])) };
  openFiles.add(one);
  return { isInPlace: () => isInPlace(one), forget: () => openFiles.delete(one) };
}

/**
 * Removes the log and the index that a state file which this process still has open left at `name` when it was deleted,
 * moved or replaced: SQLite would take them for those of the file there is now. Throws `store_corrupted` when another
 * process uses that file, maybe with them.
 */
export async function clearLeftBehind(name: string): Promise<void> {
  const gone = [...openFiles].filter((one) => one.name === name && !isInPlace(one));
  const left = (): string[] => gone.flatMap(leftOf);
  if (left().length === 0) return;
  const { default: Sqlite } = await import('better-sqlite3');
  aloneWith(name, Sqlite, () => {
    for (const { db } of gone) keepCommitted(db);
    for (const path of left()) rmSync(path, { force: true });
  });
}

function isInPlace({ name, identities }: OpenFile): boolean {
  return identityOf(name) === identities.get(name);
}

function leftOf({ name, identities }: OpenFile): string[] {
  const paths = COMPANIONS.map((suffix) => `${name}${suffix}`);
  return paths.filter((path) => identityOf(path) !== null && identityOf(path) === identities.get(path));
}

/** A file that was only moved away gets what its log holds; one in the middle of a transaction cannot. */
function keepCommitted(db: Database): void {
  try {
    db.pragma('wal_checkpoint(truncate)');
  } catch {}
}

type Opener = new (path: string, options: { timeout: number }) => Database;

/** Does `work` while nobody can use the file at `name`: it is locked under a second name, beside which no log lies that SQLite would read. */
function aloneWith(name: string, Sqlite: Opener, work: () => void): void {
  const link = `${name}-alone-${process.pid}`;
  const removeLink = (): void => {
    for (const suffix of ['', '-journal', ...COMPANIONS]) rmSync(`${link}${suffix}`, { force: true });
  };
  removeLink();
  try {
    if (identityOf(name) === null) closeSync(openSync(name, 'a', 0o600));
    linkSync(name, link);
    const db = new Sqlite(link, { timeout: BLOCKING_MS });
    try {
      db.pragma('locking_mode = exclusive');
      db.exec('begin exclusive');
      work();
      db.exec('rollback');
    } finally {
      db.close();
    }
  } catch (error) {
    throw besideAnothersLog(explained(error, name), name);
  } finally {
    removeLink();
  }
}

/** Which file lies at a path; null where none does. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
