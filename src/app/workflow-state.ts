import { nextStep } from '../domain/next-step.ts';
import { WORKFLOW_LIMITS, type WorkflowLimits } from '../domain/stage-limits.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import type { Store } from '../store/open.ts';
import { unfinishedRuns } from '../store/workflows.ts';
import type { CallContext, StateCall, WorkflowStateView } from './calls.ts';
import { metricsFrom } from './metrics.ts';
import { waitForRun } from './wait-for-run.ts';
import { budgetOf, findWorkflow } from './workflow.ts';
import { type Workspace, workspaceOf } from './workspace.ts';

/** What telling where the work stands needs from outside. */
export interface StateDependencies {
  readonly store: Store;
  /** The folder that a call without a workspace is about. */
  readonly cwd: string;
  /** What the workflows of a workspace may do. */
  readonly limitsIn?: (workspace: string) => Promise<WorkflowLimits>;
  /** Takes up a run whose process is gone, without waiting for its end; false where it cannot be taken up. */
  readonly adopt?: (runId: string) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Where the work stands and what to do next, for a host that knows nothing. With `wait_for` it waits up to `wait_ms`
 * for that run, first taking it up where its process is gone; an aborted signal ends the waiting, not the run.
 */
export async function workflowState(
  call: StateCall,
  { signal }: Pick<CallContext, 'signal'>,
  deps: StateDependencies,
): Promise<WorkflowStateView> {
  const { store, limitsIn = async () => WORKFLOW_LIMITS, now = Date.now } = deps;
  const run = call.wait_for === undefined ? null : await waitForRun(call.wait_for, call.wait_ms ?? 0, signal, deps);
  const at = run?.workspace == null ? await workspaceOf(call.workspace, deps.cwd) : null;
  const workspace = at?.project ?? run!.workspace!;
  const view = await findWorkflow(store, { workspace, workflow_id: call.workflow_id ?? run?.workflowId });
  const running = (await unfinishedRuns(store.queries, workspace)).filter(({ status }) => status === 'running');
  return {
    ...(view ? standing(view) : { ...NOTHING, workspace }),
    budget: view && (await budgetOf(store, view, await limitsIn(rulesFor(view, at)))),
    running: running.map(({ id, kind, created_at }) => ({ run_id: id, kind, since_ms: now() - created_at })),
    run: run?.shown ?? null,
    efficiency: view && (await metricsFrom(store.queries, { workflowId: view.id })).efficiency,
    next: nextCall(view, run?.shown ?? null, running[0]?.id ?? null),
  };
}

/** The folder whose rules hold: a folder of the project may have some of its own. */
function rulesFor({ workspace }: WorkflowView, at: Workspace | null): string {
  return at?.project === workspace ? at.folder : workspace;
}

type Standing = Omit<WorkflowStateView, 'budget' | 'running' | 'run' | 'efficiency' | 'next'>;

const NOTHING: Omit<Standing, 'workspace'> = {
  workflow_id: null,
  task: null,
  status: 'none',
  stage: null,
  visit: 0,
  iteration: 0,
  history: [],
};

function standing({ id, workspace, task, status, stage, visit, iteration, history }: WorkflowView): Standing {
  return { workflow_id: id, workspace, task, status, stage, visit, iteration, history };
}

function nextCall(view: WorkflowView | null, run: WorkflowStateView['run'], running: string | null): string {
  const waiting = run?.status === 'running' ? run.run_id : run === null ? running : null;
  if (waiting !== null)
    return `Collect the run that is under way: maestro_workflow_state(wait_for: "${waiting}", wait_ms: 100000).`;
  const stage = view
    ? nextStep(view)
    : 'No task is open here. Begin one with maestro_run_stage(stage: "analyze", task: …), or, for a quick second opinion, call maestro_consult.';
  return run === null ? stage : `${ENDS[run.status]} ${stage}`;
}

const ENDS = {
  running: '',
  done: 'The run is done: use its result.',
  failed: 'The run failed: its error says why; carry on without it or ask again.',
  cancelled: 'The run was interrupted: making the same call again resumes it.',
  unknown: 'There is no such run here: check the run_id.',
} as const;
