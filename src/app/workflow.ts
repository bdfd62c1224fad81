import { createHash, randomUUID } from 'node:crypto';
import { MaestroError } from '../domain/errors.ts';
import { redact } from '../domain/redaction.ts';
import type { StageId } from '../domain/stage.ts';
import { limitsOf, type WorkflowLimits } from '../domain/stage-limits.ts';
import { type WorkflowView, workflowView } from '../domain/workflow.ts';
import { createBudget } from '../store/budget.ts';
import { appendEvents, readEvents } from '../store/events.ts';
import { lasting } from '../store/lasting.ts';
import type { Store } from '../store/open.ts';
import type { Queries } from '../store/schema.ts';
import { newestOpenWorkflow } from '../store/workflows.ts';
import type { BudgetView } from './calls.ts';
import { stageDefinitions } from './stages.ts';

/** Which workflow: by id, else the newest open one of the workspace (a real path). */
export interface WorkflowAddress {
  readonly workspace: string;
  readonly workflow_id?: string | undefined;
}

type Ledger = Pick<Store, 'queries'>;

/** The workflow as it stands, or null where the workspace has none open. Throws `usage` for an id the ledger does not know. */
export function findWorkflow({ queries }: Ledger, address: WorkflowAddress): Promise<WorkflowView | null> {
  return workflowIn(queries, address);
}

/**
 * The workflow, opened by an event where the workspace has none; safe against another process that does the same. One that is there
 * is read without waiting for who writes.
 */
export async function openWorkflow(
  store: Pick<Store, 'queries' | 'disk'>,
  { task, ...address }: WorkflowAddress & { readonly task: string | null },
): Promise<WorkflowView> {
  const there = await workflowOf(store.queries, address);
  if (there !== null) return there;
  return lasting(store, async (trx) => {
    return (await workflowOf(trx, address)) ?? openedIn(trx, address.workspace, task);
  });
}

/**
 * As `workflowIn`, for calls that change something: a workspace's configuration says what its workflows may do, so one of
 * another workspace is refused with `usage`.
 */
export async function workflowOf(queries: Queries, address: WorkflowAddress): Promise<WorkflowView | null> {
  const view = await workflowIn(queries, address);
  if (view === null || view.workspace === address.workspace) return view;
  throw new MaestroError(
    'usage',
    `workflow ${view.id} is of another workspace: ${view.workspace}`,
    'give that workspace, or leave workflow_id (--workflow) out to take the open workflow of this one',
  );
}

/** As `findWorkflow`, within a transaction. */
export async function workflowIn(
  queries: Queries,
  { workspace, workflow_id }: WorkflowAddress,
): Promise<WorkflowView | null> {
  const id = workflow_id ?? (await newestOpenWorkflow(queries, workspace));
  if (id === null) return null;
  const events = await readEvents(queries, { workflowId: id });
  if (events.length > 0) return workflowView(events);
  throw new MaestroError(
    'usage',
    `there is no workflow ${id} in the ledger`,
    'leave workflow_id out (at a terminal --workflow) to take the open one of the project',
  );
}

/** More of a task than anybody reads again; a question may be far longer. */
const MOST_OF_A_TASK = 8_000;

/** A task as it is recorded: without secrets, and cut where it is long. The same task is recorded the same, two others are not. */
export function taskAsKept(task: string): string {
  const clean = redact(task).text;
  if (clean.length <= MOST_OF_A_TASK) return clean;
  const mark = createHash('sha256').update(clean).digest('hex').slice(0, 8);
  const note = `… (cut: ${clean.length} characters, ${mark})`;
  return `${clean.slice(0, MOST_OF_A_TASK - note.length).toWellFormed()}${note}`;
}

/** A new workflow, opened within a transaction. */
export async function openedIn(queries: Queries, workspace: string, task: string | null): Promise<WorkflowView> {
  const workflowId = `w-${randomUUID()}`;
  await appendEvents(
    queries,
    originOf({ id: workflowId, workspace }),
    [{ type: 'workflow_opened', payload: { task: task && taskAsKept(task) } }],
    Date.now(),
  );
  return workflowView(await readEvents(queries, { workflowId }));
}

/** Whose events they are: what happens outside a run is recorded under the workflow's own id. */
export function originOf({ id, workspace }: Pick<WorkflowView, 'id' | 'workspace'>) {
  return { runId: id, workflowId: id, workspace };
}

/** Consults used and left, in the present visit to the stage (`hint` where none was opened) and in the workflow. */
export async function budgetOf(
  store: Store,
  view: WorkflowView,
  limits?: Pick<WorkflowLimits, 'stage' | 'workflow'>,
  hint: StageId | null = null,
): Promise<BudgetView> {
  const id = view.stage ?? hint;
  const stages = await stageDefinitions();
  const scopes = limitsOf(view, id === null ? null : (stages.get(id) ?? null), limits);
  const [stage = 0, workflow = 0] = await createBudget(store).left(scopes);
  const [ofStage = 0, ofWorkflow = 0] = scopes.map(({ limit }) => limit);
  return {
    used: { stage: ofStage - stage, workflow: ofWorkflow - workflow },
    left: { stage, workflow },
  };
}
