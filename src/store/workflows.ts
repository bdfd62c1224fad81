import { sql } from 'kysely';
import type { Queries } from './schema.ts';

/** How far back is looked for a workflow that is still open; older ones are found by their id. */
const LOOKED_AT = 50;

/** The id of the workspace's newest workflow whose task is not done; null when there is none. Does not slow down as the ledger grows. */
export async function newestOpenWorkflow(queries: Queries, workspace: string): Promise<string | null> {
  const opened = await queries
    .selectFrom('events')
    .select('workflow_id')
    .where('workspace', '=', workspace)
    .where('type', '=', sql.lit('workflow_opened'))
    .orderBy('id', 'desc')
    .limit(LOOKED_AT)
    .execute();
  for (const { workflow_id } of opened) if (!(await isDone(queries, workflow_id))) return workflow_id;
  return null;
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
