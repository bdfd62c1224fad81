import { readdirSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { APPLICATION_ID, newestVersion } from '../../src/store/migrate.ts';
import { opened } from './state-file.ts';

/** What the state files of users hold: a released migration is never edited, a change is a new file. */
const SCHEMA = `create index events_of_run on events (run_id)
create index events_of_workflow on events (workflow_id)
create index events_of_workspace on events (workspace)
create unique index open_run on runs (workspace, kind, key) where status in ('running', 'cancelled')
create index reservations_of_scope on reservations (scope)
create index runs_by_change on runs (updated_at)
create index runs_of_key on runs (workspace, kind, key)
create index workflows_finished on events (workflow_id, id) where type = 'workflow_finished'
create index workflows_opened on events (workspace, id) where type = 'workflow_opened'
create table events ( id integer primary key autoincrement, run_id text not null, workflow_id text not null, workspace text not null, type text not null, payload text not null check (json_valid(payload)), at integer not null ) strict
create table reservations ( id text not null, scope text not null, run_id text not null references runs (id), owner text not null, amount integer not null check (amount > 0), settled integer check (settled between 0 and amount), at integer not null, primary key (id, scope) ) strict
create table runs ( id text primary key, kind text not null, key text not null, workspace text not null, workflow_id text not null, status text not null check (status in ('running', 'cancelled', 'done', 'failed')), request text check (json_valid(request)), result text check (json_valid(result)), error text, owner text, owner_process text, lease_until integer, attempts integer not null, created_at integer not null, updated_at integer not null ) strict
create table steps ( run_id text not null references runs (id), name text not null, result text not null check (json_valid(result)), committed_at integer not null, primary key (run_id, name) ) strict
create table tallies ( name text primary key, version integer not null, upto integer not null, tally text not null check (json_valid(tally)) ) strict
create trigger events_are_not_changed before update on events begin select raise(abort, 'events are append-only'); end
create trigger events_are_not_deleted before delete on events begin select raise(abort, 'events are append-only'); end
create trigger events_are_not_replaced before insert on events when exists (select 1 from events where id = new.id) begin select raise(abort, 'events are append-only'); end`;

describe('the schema', () => {
  it('is exactly this, at version 2', async () => {
    const store = await opened();
    const raw = new Sqlite(store.file, { readonly: true });
    const rows = raw
      .prepare("select sql from sqlite_master where sql is not null and name <> 'sqlite_sequence' order by type, name")
      .all() as { sql: string }[];
    const version = raw.pragma('user_version', { simple: true });
    const application = raw.pragma('application_id', { simple: true });
    raw.close();
    expect(rows.map(({ sql }) => sql.replaceAll(/\s+/g, ' ').toLowerCase().trim()).join('\n')).toBe(SCHEMA);
    expect([version, application]).toEqual([2, APPLICATION_ID]);
  });

  it('comes from the files of the migrations folder, numbered without a gap', async () => {
    const files = readdirSync(new URL('../../src/store/migrations', import.meta.url)).sort();
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
    expect(await newestVersion()).toBe(files.length);
  });
});
