import { MaestroError } from '../domain/errors.ts';
import { sameJson } from '../domain/json.ts';
import type { WorkflowLimits } from '../domain/stage-limits.ts';
import type { HandedIn, WorkflowView } from '../domain/workflow.ts';
import { approve as approveFlow, type Verdict } from '../flows/run-stage.ts';
import type { Store } from '../store/open.ts';
import { stageLedger } from './stage-ledger.ts';
import { stageDefinitions } from './stages.ts';
import { workflowIn } from './workflow.ts';

/** What a person says in a terminal; `reason` is why not. */
export interface Word {
  readonly answer: 'yes' | 'no';
  readonly reason: string | null;
}

/** What a person is shown before they say it. */
export interface Waiting {
  readonly view: WorkflowView;
  readonly pending: HandedIn;
}

/** What waits for a person's word in a workflow. Throws `usage` when nothing does. */
export async function waitingIn(store: Store, workflowId: string): Promise<Waiting> {
  return waiting(await workflowIn(store.queries, { workspace: '', workflow_id: workflowId }), workflowId);
}

/** Records a person's word on exactly what they were shown; `limits` are those of its workspace. Throws `usage` when it does not wait any more. */
export function giveWord(
  store: Store,
  { view, pending }: Waiting,
  word: Word,
  limits: WorkflowLimits,
): Promise<Verdict | null> {
  return store.queries.transaction().execute(async (trx) => {
    const now = waiting(await workflowIn(trx, { workspace: '', workflow_id: view.id }), view.id);
    if (!sameJson(now.pending, pending)) throw nothingWaits(view.id);
    const definition = (await stageDefinitions()).get(pending.stage)!;
    const rules = { definition, limits, approval: 'stage' as const };
    const step = await approveFlow(stageLedger(trx, now.view, Date.now()), rules, { by: 'terminal', ...word });
    return step.verdict;
  });
}

function waiting(view: WorkflowView | null, id: string): Waiting {
  if (view?.pending) return { view, pending: view.pending };
  throw nothingWaits(id);
}

function nothingWaits(id: string): MaestroError {
  return new MaestroError(
    'usage',
    `nothing waits for a word in workflow ${id}`,
    'maestro status shows where the work stands',
  );
}
