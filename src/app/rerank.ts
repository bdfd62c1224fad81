import type { Rerank } from '../context/index.ts';
import type { StageId } from '../domain/stage.ts';
import { loadConfig } from './config.ts';
import { advisorOf, knownAdvisors, loadProviders } from './providers.ts';
import type { RerankResult, RerankWork } from './run-kinds/rerank.ts';
import { createRuns } from './runs.ts';
import { openState } from './state.ts';
import { openWorkflow } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

/** Whom to ask for a better order of the likely files, and who hears what goes on. */
export interface RerankBy {
  readonly provider: string;
  readonly progress: (message: string) => void;
}

/** What the asking is about and where its settings come from. */
export interface RerankMatter {
  readonly workspace: string;
  readonly stage: StageId | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}

const MOST_OF_A_TASK = 2_000;

/**
 * A port that asks one advisor, in one consult of the workspace's workflow, paid and recorded as every consult; the same
 * question in the same visit to a stage is not paid twice. It rejects, with why, where there is no order. Throws `usage`
 * for an advisor that there is not, `bad_config` and `workspace_missing`.
 */
export async function rerankBy({ provider, progress }: RerankBy, matter: RerankMatter): Promise<Rerank> {
  const { env, signal, warn, stage } = matter;
  const { folder, project } = await workspaceOf(matter.workspace, '.');
  advisorOf(knownAdvisors(await loadConfig(folder, env), await loadProviders()), provider);
  return async (question, outlines) => {
    await using store = await openState(env);
    const runs = createRuns({ store, env, warn });
    try {
      const view = await openWorkflow(store, { workspace: project, task: question.slice(0, MOST_OF_A_TASK) });
      const request: RerankWork = { provider, question, outlines, stage };
      const visit = `${view.stage} ${view.visit}`;
      const order = { kind: 'rerank', folder, project, workflowId: view.id, visit, request };
      const context = { signal, progress, patienceMs: Number.POSITIVE_INFINITY, askPerson: null };
      const performed = await runs.perform(order, context);
      if ('status' in performed) return null;
      const result = performed.result as RerankResult;
      if (result.order === null) throw new Error(result.why);
      return result.order;
    } finally {
      await runs.close();
    }
  };
}
