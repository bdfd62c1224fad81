import { sql } from 'kysely';
import type { Queries } from './schema.ts';

/** How far back is looked: what an agent can do alone changes with the project. */
const LOOKED_AT = 50;

/** How many of the workspace's newest finished workflows asked nobody, and how many of those passed their checks. */
export async function finishedAlone(
  queries: Queries,
  workspace: string,
): Promise<{ readonly finished: number; readonly passed: number }> {
  const ends = await queries
    .selectFrom('events as end')
    .select(['end.workflow_id', 'end.payload'])
    .where('end.workspace', '=', workspace)
    .where('end.type', '=', sql.lit('workflow_finished'))
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('events as asked')
            .select('asked.id')
            .whereRef('asked.workflow_id', '=', 'end.workflow_id')
            .where('asked.type', '=', 'consult_asked'),
        ),
      ),
    )
    .orderBy('end.id', 'desc')
    .limit(LOOKED_AT)
    .execute();
  const newest = new Map(ends.toReversed().map((end) => [end.workflow_id, passedOf(end.payload)]));
  const known = [...newest.values()].filter((passed) => passed !== null);
  return { finished: known.length, passed: known.filter(Boolean).length };
}

/** Null where it is not known, or there was nothing to do. */
function passedOf(payload: string): boolean | null {
  const { passed, outcome } = JSON.parse(payload) as { passed?: boolean | null; outcome: string };
  return outcome === 'already_passing' ? null : (passed ?? null);
}
