import { giveWord, type Waiting, type Word, waitingIn } from './approve.ts';
import type { WorkflowStateView } from './calls.ts';
import { limitsIn } from './config.ts';
import { openState } from './state.ts';
import { workflowState } from './workflow-state.ts';

/** What a command line runs in. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Where the work stands in a workspace, or in one workflow. Throws what `workflowState` throws. */
export async function stateHere(
  { env, cwd, signal }: Terminal,
  workflowId: string | undefined,
): Promise<WorkflowStateView> {
  await using store = await openState(env);
  const call = workflowId === undefined ? {} : { workflow_id: workflowId };
  return await workflowState(call, { signal }, { store, cwd, limitsIn: (workspace) => limitsIn(workspace, env) });
}

/** Shows a person what waits, and records what they say. Returns whether they said anything, and the next step. Throws as `waitingIn`. */
export async function approveHere(
  env: NodeJS.ProcessEnv,
  workflowId: string,
  ask: (waiting: Waiting) => Promise<Word | null>,
): Promise<{ readonly said: boolean; readonly next: string | null }> {
  await using store = await openState(env);
  const waiting = await waitingIn(store, workflowId);
  const word = await ask(waiting);
  if (word === null) return { said: false, next: null };
  const verdict = await giveWord(store, waiting, word);
  return { said: true, next: verdict?.next ?? null };
}
