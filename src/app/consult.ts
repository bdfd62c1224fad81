import type { Store } from '../store/open.ts';
import { errorsOf, promptOf } from './asked-for.ts';
import type { CallContext, ConsultCall, ConsultResult } from './calls.ts';
import { loadConfig } from './config.ts';
import { advisorOf, knownAdvisors, loadProviders } from './providers.ts';
import { checkedRole } from './question.ts';
import type { ConsultWork } from './run-kinds/consult.ts';
import type { Runs } from './runs.ts';
import { transcriptOf } from './transcript.ts';
import { budgetOf, openWorkflow } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

/** What the operations share. */
export interface Operations {
  readonly store: Store;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly runs: Runs;
}

/**
 * Puts one question to an advisor. An identical call in the same visit to a stage gets the answer there is and pays nothing.
 * Throws for what is wrong with the call: `usage`, `workspace_missing`, `bad_config`.
 */
export async function consult(call: ConsultCall, context: CallContext, ops: Operations): Promise<ConsultResult> {
  const prompt = promptOf(call.prompt, 'prompt');
  const { folder, project } = await workspaceOf(call.workspace, ops.cwd);
  const config = await loadConfig(folder, ops.env);
  if (call.provider !== undefined) advisorOf(knownAdvisors(config, await loadProviders()), call.provider);
  const role = call.role === undefined ? null : checkedRole(call.role);
  if (call.continue !== undefined) await transcriptOf(ops.store.queries, project, call.continue);
  const view = await openWorkflow(ops.store, { workspace: project, workflow_id: call.workflow_id, task: prompt });
  const request: ConsultWork = {
    prompt,
    provider: call.provider ?? null,
    model: call.model ?? null,
    files: call.files ?? [],
    errors: errorsOf(call.errors),
    stage: call.stage ?? null,
    role,
    continue: call.continue ?? null,
  };
  const visit = `${view.stage} ${view.visit}`;
  const order = { kind: 'consult', folder, project, workflowId: view.id, visit, request };
  const performed = await ops.runs.perform(order, context);
  if ('status' in performed) return performed;
  const result = performed.result as ConsultResult;
  if (!performed.reused || result.status !== 'answered') return result;
  const budget = await budgetOf(ops.store, view, config.consults, call.stage ?? null);
  return { ...result, reused: true, budget };
}
