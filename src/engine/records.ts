import type { Json } from '../domain/json.ts';
import { pidOf } from '../platform/process-identity.ts';
import { fromJson } from '../store/bounded-json.ts';
import type { Queries, RunRow, RunStatus } from '../store/schema.ts';

const PAGE = 100;

/** A run as it stands. `request` and `result` are null where there is none, or retention dropped them. */
export interface RunRecord {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly workspace: string;
  readonly workflowId: string;
  readonly status: RunStatus;
  readonly request: Json;
  readonly result: Json;
  readonly error: string | null;
  /** Who works on it; null when nobody does. */
  readonly pid: number | null;
  readonly attempts: number;
  readonly stepsCommitted: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface RunFilter {
  readonly workspace?: string;
  readonly workflowId?: string;
  readonly status?: RunStatus;
  readonly limit?: number;
}

/** The run of that id, or null. */
export async function findRun(queries: Queries, id: string): Promise<RunRecord | null> {
  const row = await withSteps(queries).where('runs.id', '=', id).executeTakeFirst();
  return row ? record(row) : null;
}

/** The newest run of that workspace, kind and key, or null. */
export async function newestRun(
  queries: Queries,
  { workspace, kind, key }: Pick<RunRecord, 'workspace' | 'kind' | 'key'>,
): Promise<RunRecord | null> {
  const row = await withSteps(queries)
    .where('runs.workspace', '=', workspace)
    .where('runs.kind', '=', kind)
    .where('runs.key', '=', key)
    .orderBy('runs.created_at', 'desc')
    .orderBy('runs.updated_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? record(row) : null;
}

/** Runs that fit the filter, newest first. */
export async function listRuns(queries: Queries, filter: RunFilter): Promise<RunRecord[]> {
  let query = withSteps(queries)
    .orderBy('runs.updated_at', 'desc')
    .orderBy('runs.id')
    .limit(filter.limit ?? PAGE);
  if (filter.workspace !== undefined) query = query.where('runs.workspace', '=', filter.workspace);
  if (filter.workflowId !== undefined) query = query.where('runs.workflow_id', '=', filter.workflowId);
  if (filter.status !== undefined) query = query.where('runs.status', '=', filter.status);
  return (await query.execute()).map(record);
}

function withSteps(queries: Queries) {
  return queries
    .selectFrom('runs')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('steps')
        .select((step) => step.fn.countAll<number>().as('n'))
        .whereRef('steps.run_id', '=', 'runs.id')
        .as('steps_committed'),
    );
}

function record(row: RunRow & { steps_committed: number | null }): RunRecord {
  return {
    id: row.id,
    kind: row.kind,
    key: row.key,
    workspace: row.workspace,
    workflowId: row.workflow_id,
    status: row.status,
    request: row.request === null ? null : fromJson(row.request),
    result: row.result === null ? null : fromJson(row.result),
    error: row.error,
    pid: row.owner_process === null ? null : pidOf(row.owner_process),
    attempts: row.attempts,
    stepsCommitted: row.steps_committed ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
