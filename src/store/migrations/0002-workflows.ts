import type { Migration } from '../migrate.ts';

/** Finding a workspace's workflows without reading its events, and the tally of all events up to one of them. */
export const migration: Migration = {
  statements: [
    `create index workflows_opened on events (workspace, id) where type = 'workflow_opened'`,
    `create index workflows_finished on events (workflow_id, id) where type = 'workflow_finished'`,
    `create table tallies (
  name text primary key,
  version integer not null,
  upto integer not null,
  tally text not null check (json_valid(tally))
) strict`,
  ],
};
