import type { Run } from '../domain/ports.ts';
import type { Asking } from './ask.ts';
import { adviceSurroundings, availabilityOf, type KnownAdvisor, orderOf } from './providers.ts';

/**
 * Whom to ask first, and whom then. Somebody named or configured is asked without looking; else the first that can be asked
 * comes first. Never empty.
 */
export async function orderFor(run: Run, asking: Asking, named: readonly string[]): Promise<readonly string[]> {
  const order = orderOf(asking.config, asking.advisors, named);
  const ids = order.map(({ settings }) => settings.id);
  if (named.length > 0 || asking.config.order !== null) return ids;
  for (const [index, advisor] of order.entries()) if (await isReady(run, asking, advisor)) return ids.slice(index);
  return ids.slice(-1);
}

/** Who takes part in an ensemble: those named, else all in the order that can be asked. Never empty. */
export async function membersFor(run: Run, asking: Asking, named: readonly string[]): Promise<readonly string[]> {
  if (named.length > 0) return [...new Set(named)];
  const order = orderOf(asking.config, asking.advisors);
  const ready = await Promise.all(order.map((advisor) => isReady(run, asking, advisor)));
  const members = order.filter((_, index) => ready[index]);
  return (members.length > 0 ? members : order.slice(-1)).map(({ settings }) => settings.id);
}

async function isReady(run: Run, { config, env, progress }: Asking, advisor: KnownAdvisor): Promise<boolean> {
  const surroundings = adviceSurroundings(advisor, config, env, run.signal, progress);
  return (await availabilityOf(advisor, surroundings)).ready;
}
