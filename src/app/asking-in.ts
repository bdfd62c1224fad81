import { aloneLikelihood } from '../domain/alone.ts';
import type { Limit } from '../domain/budget.ts';
import type { Config } from '../domain/config.ts';
import type { Situation } from '../domain/policy.ts';
import type { StageId } from '../domain/stage.ts';
import { limitsOf } from '../domain/stage-limits.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import { createBudget } from '../store/budget.ts';
import { tallyOf } from '../store/tallies.ts';
import type { Asking } from './ask.ts';
import type { BudgetView } from './calls.ts';
import { loadConfig } from './config.ts';
import { knownAdvisors, loadProviders } from './providers.ts';
import type { RunSurroundings } from './run-kind.ts';
import { stageDefinitions } from './stages.ts';
import { budgetOf, findWorkflow } from './workflow.ts';

/** What work that asks others has at hand, in the workflow as it stands. */
export interface AskingIn {
  readonly asking: Asking;
  readonly config: Config;
  readonly view: WorkflowView;
  /** The stage that counts: the one the workflow is in, else the one the caller named. */
  readonly stage: StageId | null;
  /** What the rules look at; `confidence` is the host's own word on succeeding alone. */
  readonly situation: (confidence: number | null) => Promise<Situation>;
  readonly budget: () => Promise<BudgetView>;
}

/** Everything for asking in a workflow. Throws `bad_config`, and `usage` for a workflow that is not there. */
export async function askingIn(surroundings: Omit<RunSurroundings, 'warn'>, hint: StageId | null): Promise<AskingIn> {
  const { store, env, folder, project, workflowId, progress } = surroundings;
  const config = await loadConfig(folder, env);
  const advisors = knownAdvisors(config, await loadProviders());
  const view = (await findWorkflow(store, { workspace: project, workflow_id: workflowId }))!;
  const stage = view.stage ?? hint;
  const definition = stage === null ? null : ((await stageDefinitions()).get(stage) ?? null);
  const limits: readonly Limit[] = limitsOf(view, definition, config.consults);
  const budget = createBudget(store);
  return {
    asking: { store, config, env, workspace: folder, advisors, limits, brief: null, progress },
    config,
    view,
    stage,
    situation: async (confidence) => {
      const [ofStage = 0, ofWorkflow = 0] = await budget.left(limits);
      return {
        stage: definition,
        iteration: view.stage === null ? 1 : view.iteration,
        left: { stage: ofStage, workflow: ofWorkflow },
        alone: aloneLikelihood(await tallyOf(store.queries, { workspace: project }), confidence),
      };
    },
    budget: () => budgetOf(store, view, config.consults, hint),
  };
}
