import { TO_PERSON } from '../domain/next-words.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import { giveWord, type Waiting, type Word, waitingIn } from './approve.ts';
import { promptOf } from './asked-for.ts';
import type { WorkflowStateView } from './calls.ts';
import { limitsIn } from './config.ts';
import { openState } from './state.ts';
import { findWorkflow } from './workflow.ts';
import { beginWorkflow, endWorkflow, type Outcome } from './workflow-ends.ts';
import { workflowState } from './workflow-state.ts';
import { workspaceOf } from './workspace.ts';

/** What a command line runs in. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Where the work stands in a workspace, or in one workflow; the next step is a command. Throws what `workflowState` throws. */
export async function stateHere(
  { env, cwd, signal }: Terminal & { readonly signal: AbortSignal },
  workflowId: string | undefined,
): Promise<WorkflowStateView> {
  await using store = await openState(env);
  const call = workflowId === undefined ? {} : { workflow_id: workflowId };
  const limits = (workspace: string) => limitsIn(workspace, env);
  return await workflowState(call, { signal }, { store, cwd, limitsIn: limits, words: TO_PERSON });
}

/** Opens a workflow of the project. Throws as `beginWorkflow`, and `usage` for a task that is empty or too long. */
export async function beginHere({ env, cwd }: Terminal, task: string | null): Promise<WorkflowView> {
  const clean = task === null ? null : promptOf(task, 'task');
  const { project } = await workspaceOf(undefined, cwd);
  await using store = await openState(env);
  return await beginWorkflow(store, project, clean);
}

/** Ends the open workflow of the project, or the one of that id, whatever project it is of. Throws as `endWorkflow`. */
export async function endHere(
  { env, cwd }: Terminal,
  workflowId: string | undefined,
  outcome: Outcome,
): Promise<WorkflowView> {
  await using store = await openState(env);
  const project = async () => (await workspaceOf(undefined, cwd)).project;
  const named = workflowId === undefined ? null : await findWorkflow(store, { workspace: '', workflow_id: workflowId });
  return await endWorkflow(
    store,
    { workspace: named?.workspace ?? (await project()), workflow_id: workflowId },
    outcome,
  );
}

/** Shows a person what waits, and records what they say. Returns whether they said anything, and the next step. Throws as `waitingIn` and `limitsIn`. */
export async function approveHere(
  env: NodeJS.ProcessEnv,
  workflowId: string,
  ask: (waiting: Waiting) => Promise<Word | null>,
): Promise<{ readonly said: boolean; readonly next: string | null }> {
  await using store = await openState(env);
  const waiting = await waitingIn(store, workflowId);
  const word = await ask(waiting);
  if (word === null) return { said: false, next: null };
  const verdict = await giveWord(store, waiting, word, await limitsIn(waiting.view.workspace, env));
  return { said: true, next: verdict?.next ?? null };
}
