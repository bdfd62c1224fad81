import { MaestroError } from '../domain/errors.ts';
import { errorsOf, promptOf } from './asked-for.ts';
import type { CallContext, EnsembleCall, EnsembleResult } from './calls.ts';
import { loadConfig } from './config.ts';
import type { Operations } from './consult.ts';
import { advisorOf, knownAdvisors, loadProviders } from './providers.ts';
import type { EnsembleWork } from './run-kinds/ensemble.ts';
import { budgetOf, openWorkflow } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

/**
 * Puts the same task to several advisors at once. An identical call in the same visit to a stage gets the candidates there
 * are and pays nothing. Throws for what is wrong with the call: `usage`, `workspace_missing`, `bad_config`.
 */
export async function ensemble(call: EnsembleCall, context: CallContext, ops: Operations): Promise<EnsembleResult> {
  const { n = null, confidence = null, providers = [] } = call;
  if (n !== null && (!Number.isInteger(n) || n < 1)) throw wrong('n', n, 'a whole number from 1');
  if (confidence !== null && !(confidence >= 0 && confidence <= 1))
    throw wrong('confidence', confidence, 'from 0 to 1');
  const task = promptOf(call.task, 'task');
  const { folder, project } = await workspaceOf(call.workspace, ops.cwd);
  const config = await loadConfig(folder, ops.env);
  const advisors = knownAdvisors(config, await loadProviders());
  for (const id of providers) advisorOf(advisors, id);
  const view = await openWorkflow(ops.store, { workspace: project, workflow_id: call.workflow_id, task: task });
  const request: EnsembleWork = {
    task: task,
    kind: call.kind,
    providers,
    n,
    confidence,
    files: call.files ?? [],
    errors: errorsOf(call.errors),
    force: call.force ?? false,
  };
  const visit = `${view.stage} ${view.visit}`;
  const order = { kind: 'ensemble', folder, project, workflowId: view.id, visit, request };
  const performed = await ops.runs.perform(order, context);
  if ('status' in performed) return performed;
  const result = performed.result as EnsembleResult;
  if (!performed.reused || result.status !== 'generated') return result;
  return { ...result, reused: true, budget: await budgetOf(ops.store, view, config.consults) };
}

function wrong(what: string, value: number, allowed: string): MaestroError {
  return new MaestroError('usage', `${what} is ${value}`, `give ${what} ${allowed}`);
}
