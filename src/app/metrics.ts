import { MaestroError } from '../domain/errors.ts';
import type { Metric, MetricName } from '../domain/metrics.ts';
import { metricsOf } from '../domain/metrics.ts';
import { type Tally, tally } from '../domain/tally.ts';
import { type EventFilter, readEvents } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import type { Queries } from '../store/schema.ts';
import { tallyOf } from '../store/tallies.ts';
import type { MetricsCall } from './calls.ts';
import { openState } from './state.ts';
import { findWorkflow } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

export type Metrics = Readonly<Record<MetricName, Metric>>;

/** Which state file, and the folder that a call without a workspace is about. */
export interface MetricsDependencies {
  readonly store: Store;
  readonly cwd: string;
}

/**
 * Every metric of a scope: a workflow where one is named, else the workspace, unless told otherwise. Throws `usage` for
 * a time that is none and a workflow that the ledger does not know.
 */
export async function metrics(call: MetricsCall, { store, cwd }: MetricsDependencies): Promise<Metrics> {
  const scope = call.scope ?? (call.workflow_id === undefined ? 'workspace' : 'workflow');
  const since = call.since === undefined ? null : timeOf(call.since);
  if (scope === 'all') return metricsOf(await tallied(store.queries, {}, since));
  const { project: workspace } = await workspaceOf(call.workspace, cwd);
  if (scope === 'workspace') return metricsOf(await tallied(store.queries, { workspace }, since));
  const view = await findWorkflow(store, { workspace, workflow_id: call.workflow_id });
  if (view === null) return metricsOf(tally([]));
  return metricsFrom(store.queries, { workflowId: view.id, ...(since === null ? {} : { since }) });
}

/** As `metrics`, over the state file of this user. */
export async function metricsHere(
  call: MetricsCall,
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<Metrics> {
  await using store = await openState(env);
  return await metrics(call, { store, cwd });
}

/** Every metric over the events that a filter names, read one by one. */
export async function metricsFrom(queries: Queries, filter: EventFilter): Promise<Metrics> {
  return metricsOf(tally(await readEvents(queries, filter)));
}

/** What is asked for from a time on is added up anew; the whole is not. */
async function tallied(queries: Queries, scope: { workspace?: string }, since: number | null): Promise<Tally> {
  return since === null ? tallyOf(queries, scope) : tally(await readEvents(queries, { ...scope, since }));
}

function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new MaestroError('usage', `'${text}' is no time`, 'give an ISO 8601 time, such as 2026-01-31T12:00:00Z');
}
