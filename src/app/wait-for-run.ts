import { setTimeout as sleep } from 'node:timers/promises';
import { isOrphan } from '../engine/claim.ts';
import { findRun, type RunRecord } from '../engine/records.ts';
import type { Queries } from '../store/schema.ts';
import type { WorkflowStateView } from './calls.ts';
import type { StateDependencies } from './workflow-state.ts';

const FIRST_POLL_MS = 20;
const SLOWEST_POLL_MS = 500;

/** A run that was waited for, and whose it is; both null for a run that nobody knows. */
export interface Awaited {
  readonly workspace: string | null;
  readonly workflowId: string | undefined;
  readonly shown: NonNullable<WorkflowStateView['run']>;
}

/** Looks at the run until it has ended or the time is up. A run whose process is gone is taken up where somebody can. */
export async function waitForRun(
  id: string,
  waitMs: number,
  signal: AbortSignal,
  { store: { queries }, adopt, now = Date.now }: Pick<StateDependencies, 'store' | 'adopt' | 'now'>,
): Promise<Awaited> {
  const deadline = now() + waitMs;
  let poll = FIRST_POLL_MS;
  for (;;) {
    const row = await glance(queries, id);
    if (row === undefined) return awaited(id, null);
    const isLeft = row.status === 'cancelled' || (row.status === 'running' && isOrphan(row));
    const isAdopted = isLeft && adopt !== undefined && (await adopt(id));
    if ((row.status !== 'running' && !isAdopted) || now() >= deadline || signal.aborted)
      return awaited(id, await findRun(queries, id));
    await sleep(Math.min(poll, Math.max(1, deadline - now())), undefined, { signal }).catch(() => undefined);
    poll = Math.min(poll * 1.5, SLOWEST_POLL_MS);
  }
}

/** Only what says whether it is over: results can be large. */
function glance(queries: Queries, id: string) {
  return queries
    .selectFrom('runs')
    .select(['status', 'owner', 'owner_process', 'lease_until'])
    .where('id', '=', id)
    .executeTakeFirst();
}

function awaited(id: string, run: RunRecord | null): Awaited {
  const { kind = '', status = 'unknown', result = null, error = null } = run ?? {};
  return {
    workspace: run?.workspace ?? null,
    // A run on its own is its own workflow, which was never opened as one.
    workflowId: run && run.workflowId !== run.id ? run.workflowId : undefined,
    shown: { run_id: id, kind, status, result, error },
  };
}
