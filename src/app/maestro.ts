import { findRun } from '../engine/records.ts';
import type { Maestro } from './calls.ts';
import { limitsIn, limitsOf, loadConfig } from './config.ts';
import { consult, type Operations } from './consult.ts';
import { ensemble } from './ensemble.ts';
import { metrics } from './metrics.ts';
import { packContext } from './pack.ts';
import { runStage } from './run-stage.ts';
import { createRuns } from './runs.ts';
import { selectCall } from './select-call.ts';
import { openState } from './state.ts';
import { workflowState } from './workflow-state.ts';
import { workspaceOf } from './workspace.ts';

export interface Whereabouts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told, one line each, what went wrong and was put right. */
  readonly warn: (line: string) => void;
  /** The folder that a call without a workspace is about; where the process is unless given. */
  readonly cwd?: string;
}

/**
 * The seven operations over the state file of this user, opened here and closed with what is returned: closing interrupts
 * what is under way, which any process can take up again. Throws what opening the state file may throw.
 */
export async function openMaestro({ env, warn, cwd = process.cwd() }: Whereabouts): Promise<Maestro> {
  const store = await openState(env);
  const runs = createRuns({ store, env, warn });
  const ops: Operations = { store, env, cwd, runs };

  return {
    consult: (call, context) => consult(call, context, ops),
    ensemble: (call, context) => ensemble(call, context, ops),
    select: (call, context) => selectCall(call, context, ops),
    pack: async ({ workspace, token_budget, workflow_id: _, ...call }, { signal }) => {
      const { folder } = await workspaceOf(workspace, cwd);
      const { packBudget } = await loadConfig(folder, env);
      return packContext({ ...call, workspace: folder, budget: token_budget ?? packBudget }, { signal, env, warn });
    },
    runStage: async (call, context) => {
      const { folder } = await workspaceOf(call.workspace, cwd);
      const config = await loadConfig(folder, env);
      const { approval } = config;
      const pack = (request: Parameters<typeof packContext>[0], signal: AbortSignal) =>
        packContext(request, { signal, env, warn });
      return runStage(call, context, { store, cwd, limits: limitsOf(config), approval, pack });
    },
    workflowState: (call, context) =>
      workflowState(call, context, {
        store,
        cwd,
        limitsIn: (workspace) => limitsIn(workspace, env),
        adopt: runs.adopt,
      }),
    metrics: (call) => metrics(call, { store, cwd }),
    runResult: async (runId) => {
      const run = await findRun(store.queries, runId);
      return run && { kind: run.kind, status: run.status, result: run.result };
    },
    isInPlace: () => store.isInPlace(),
    [Symbol.asyncDispose]: async () => {
      await runs.close();
      await store.close();
    },
  };
}
