import { sql } from 'kysely';
import type { Queries, RunStatus } from './schema.ts';

/** How far back is looked for a workflow that is still open; older ones are found by their id. */
const LOOKED_AT = 50;

/** The id of the workspace's newest workflow, done or not; null when there is none. */
export async function newestWorkflow(queries: Queries, workspace: string): Promise<string | null> {
  const newest = await opened(queries, workspace).limit(1).executeTakeFirst();
  return newest?.workflow_id ?? null;
}

/** The id of the workspace's newest workflow whose task is not done; null when there is none. Does not slow down as the ledger grows. */
export async function newestOpenWorkflow(queries: Queries, workspace: string): Promise<string | null> {
  const newest = await opened(queries, workspace).limit(LOOKED_AT).execute();
  for (const { workflow_id } of newest) if (!(await isDone(queries, workflow_id))) return workflow_id;
  return null;
}

/** The literal is what lets SQLite use the index over these events alone. */
function opened(queries: Queries, workspace: string) {
  return queries
    .selectFrom('events')
    .select('workflow_id')
    .where('workspace', '=', workspace)
    .where('type', '=', sql.lit('workflow_opened'))
    .orderBy('id', 'desc');
}

/** Runs of the workspace that are being worked on, or were until something interrupted them; newest first. */
export function unfinishedRuns(queries: Queries, workspace: string, most = 100) {
  return queries
    .selectFrom('runs')
    .select(['id', 'workflow_id', 'kind', 'status', 'created_at', 'owner', 'owner_process', 'lease_until'])
    .where('workspace', '=', workspace)
    .where('status', 'in', [sql.lit<RunStatus>('running'), sql.lit<RunStatus>('cancelled')])
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();
}

/** What was handed over to a person has an end too, `not_fixed`, but can be taken up again. */
async function isDone(queries: Queries, workflowId: string): Promise<boolean> {
  const end = await queries
    .selectFrom('events')
    .select('payload')
    .where('workflow_id', '=', workflowId)
    .where('type', '=', sql.lit('workflow_finished'))
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return end !== undefined && (JSON.parse(end.payload) as { outcome?: string }).outcome !== 'not_fixed';
}
