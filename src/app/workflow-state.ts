import { idleDays } from '../domain/idle.ts';
import { type NextWords, TO_HOST } from '../domain/next-words.ts';
import { WORKFLOW_LIMITS, type WorkflowLimits } from '../domain/stage-limits.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import { isOrphan } from '../engine/claim.ts';
import type { Store } from '../store/open.ts';
import { unfinishedRuns } from '../store/workflows.ts';
import type { CallContext, StateCall, WorkflowStateView } from './calls.ts';
import { metricsFrom } from './metrics.ts';
import { runKinds } from './run-kind.ts';
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
  /** In whose terms the next step is; a host's unless given. */
  readonly words?: NextWords;
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
  const { store, limitsIn = async () => WORKFLOW_LIMITS, words = TO_HOST, now = Date.now } = deps;
  const run = call.wait_for === undefined ? null : await waitForRun(call.wait_for, call.wait_ms ?? 0, signal, deps);
  const at = run?.workspace == null ? await workspaceOf(call.workspace, deps.cwd) : null;
  const workspace = at?.project ?? run!.workspace!;
  const view = await findWorkflow(store, { workspace, workflow_id: call.workflow_id ?? run?.workflowId });
  const unfinished = (await unfinishedRuns(store.queries, workspace)).filter(({ status }) => status === 'running');
  const running = unfinished.map((row) => ({ ...row, interrupted: isOrphan(row) }));
  return {
    ...(view ? standing(view) : { ...NOTHING, workspace }),
    budget: view && (await budgetOf(store, view, await limitsIn(rulesFor(view, at)))),
    running: running.map(({ id, kind, created_at, interrupted }) => ({
      run_id: id,
      kind,
      since_ms: Math.max(0, now() - created_at),
      ...(interrupted && ({ interrupted: true } as const)),
    })),
    run: run?.shown ?? null,
    efficiency: view && (await metricsFrom(store.queries, { workflowId: view.id })).efficiency,
    next: await nextOf(view, run?.shown ?? null, running, words, now()),
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

/** A run that is under way comes first, then one of this task that was interrupted, then the stage. */
async function nextOf(
  view: WorkflowView | null,
  run: WorkflowStateView['run'],
  running: ReadonlyArray<{
    readonly id: string;
    readonly workflow_id: string;
    readonly kind: string;
    readonly interrupted: boolean;
  }>,
  words: NextWords,
  now: number,
): Promise<string> {
  if (run?.status === 'running') return words.running(run.run_id);
  const idle = view && idleDays(view, now);
  const stage = view ? words.step(view) : words.nothingOpen;
  const step = idle === null ? stage : `${words.idle(idle, view!)} ${stage}`;
  if (run !== null) return `${ENDS[run.status]} ${step}`;
  const atWork = running.find(({ interrupted }) => !interrupted);
  if (atWork) return words.running(atWork.id);
  const left = running.find(({ workflow_id }) => view === null || workflow_id === view.id);
  return left ? `${words.interrupted(left, (await runKinds()).has(left.kind))} Otherwise: ${step}` : step;
}

const ENDS = {
  running: '',
  done: 'The run is done: use its result.',
  failed: 'The run failed: its error says why; carry on without it or ask again.',
  cancelled: 'The run was interrupted: making the same call again resumes it.',
  unknown: 'There is no such run here: check the run_id.',
} as const;
