import type { Generated, Kysely, Selectable } from 'kysely';

/** The append-only ledger. `id` grows in the order of commits; triggers refuse any change. */
interface EventTable {
  id: Generated<number>;
  run_id: string;
  workflow_id: string;
  workspace: string;
  type: string;
  /** JSON. */
  payload: string;
  /** Milliseconds since the epoch, like every time in these tables. */
  at: number;
}

/** `cancelled` is an interruption that can be resumed; `done` and `failed` are final. */
export type RunStatus = 'running' | 'cancelled' | 'done' | 'failed';

/** A durable piece of work. At most one run of a workspace, kind and key is running or cancelled at a time. */
interface RunTable {
  id: string;
  kind: string;
  key: string;
  workspace: string;
  workflow_id: string;
  status: RunStatus;
  /** JSON; null once retention dropped it. */
  request: string | null;
  result: string | null;
  /** Why it failed, in one line. */
  error: string | null;
  /** One execution of the run: every write is fenced by it. Null when nobody works on it. */
  owner: string | null;
  /** The identity of the owner's process. */
  owner_process: string | null;
  lease_until: number | null;
  /** Executions that did not come to an orderly end, the present one included. */
  attempts: number;
  created_at: number;
  updated_at: number;
}

/** A part of a run that is committed once and never executed again. */
interface StepTable {
  run_id: string;
  name: string;
  /** JSON. */
  result: string;
  committed_at: number;
}

/** Budget taken from a scope: `settled` once it is known what was used, until then `amount` while its owner lives. */
interface ReservationTable {
  id: string;
  scope: string;
  run_id: string;
  owner: string;
  amount: number;
  settled: number | null;
  at: number;
}

/** What the events up to and including `upto` add up to: a cache that may be deleted at any time. */
interface TallyTable {
  name: string;
  /** Of the way it is written: another version's row is not read. */
  version: number;
  upto: number;
  /** JSON. */
  tally: string;
}

interface Tables {
  events: EventTable;
  runs: RunTable;
  steps: StepTable;
  reservations: ReservationTable;
  tallies: TallyTable;
}

export type Queries = Kysely<Tables>;
export type EventRow = Selectable<EventTable>;
export type RunRow = Selectable<RunTable>;
