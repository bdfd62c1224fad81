import type { Database } from 'better-sqlite3';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { whileBusy } from './patience.ts';

/** One change of the schema: SQL statements, executed once, all or none. A released one is never edited. */
export interface Migration {
  readonly statements: readonly string[];
}

/** Marks a SQLite file as ours (`MSTR`), so that another program's file is never taken for a state file. */
export const APPLICATION_ID = 0x4d535452;

const FOLDER = new URL('./migrations/', import.meta.url);

/** The version this code writes: how many migrations there are. A file says its own in `user_version`. */
export async function newestVersion(): Promise<number> {
  return (await loadDefinitions<Migration>(FOLDER, 'migration')).length;
}

/** Brings the file to the newest version in one transaction; safe when several processes do so at once. */
export async function migrate(db: Database, newest: number): Promise<void> {
  if (versionOf(db) >= newest) return;
  const migrations = await loadDefinitions<Migration>(FOLDER, 'migration');
  const bringUp = db.transaction(() => {
    for (const { statements } of migrations.slice(versionOf(db)))
      for (const statement of statements) db.exec(statement);
    db.pragma(`user_version = ${migrations.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  });
  await whileBusy(() => bringUp.immediate());
}

/** The version the open file says it has. */
export function versionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}
