import type { Metric, MetricName } from '../domain/metrics.ts';
import { metricsOf } from '../domain/metrics.ts';
import { tally } from '../domain/tally.ts';
import type { EventFilter } from '../store/events.ts';
import { readEvents } from '../store/events.ts';
import type { Queries } from '../store/schema.ts';
import { openState } from './state.ts';

export type Metrics = Readonly<Record<MetricName, Metric>>;

/** Every metric over all that the ledger holds. */
export async function allMetrics(env: NodeJS.ProcessEnv): Promise<Metrics> {
  const store = await openState(env);
  try {
    return await metricsFrom(store.queries, {});
  } finally {
    await store.close();
  }
}

/** Every metric over the events that a filter names. */
export async function metricsFrom(queries: Queries, filter: EventFilter): Promise<Metrics> {
  return metricsOf(tally(await readEvents(queries, filter)));
}
