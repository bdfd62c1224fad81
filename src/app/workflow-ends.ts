import { MaestroError } from '../domain/errors.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import { ending } from '../flows/leave-stage.ts';
import type { Store } from '../store/open.ts';
import { stageLedger } from './stage-ledger.ts';
import { openedIn, type WorkflowAddress, workflowIn, workflowOf } from './workflow.ts';

/** How a person says that a task ended: it is solved, or they gave it up. */
export const OUTCOMES = ['solved', 'abandoned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Opens a workflow of a project (a real path). Throws `usage` where one is open: it would be waited on for ever. */
export function beginWorkflow({ queries }: Store, project: string, task: string | null): Promise<WorkflowView> {
  return queries.transaction().execute(async (trx) => {
    const open = await workflowIn(trx, { workspace: project });
    if (open === null) return openedIn(trx, project, task);
    throw new MaestroError(
      'usage',
      `workflow ${open.id} is open here${open.task === null ? '' : `: ${firstLine(open.task)}`}`,
      'end it first: maestro workflow end --outcome solved, or abandoned',
    );
  });
}

/** Ends a workflow on a person's word. Throws `usage` where there is none, or it has ended. */
export function endWorkflow(store: Store, address: WorkflowAddress, outcome: Outcome): Promise<WorkflowView> {
  return store.queries.transaction().execute(async (trx) => {
    const view = await workflowOf(trx, address);
    if (view === null)
      throw new MaestroError('usage', 'no workflow is open here', 'there is nothing to end: what you ask begins one');
    if (view.status === 'finished')
      throw new MaestroError('usage', `workflow ${view.id} has ended already`, 'maestro status shows what is open');
    const now = Date.now();
    return stageLedger(trx, view, now).record(ending(view, outcome, now));
  });
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0]!;
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
