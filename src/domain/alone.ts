import type { Likelihood } from './policy.ts';
import type { Tally } from './tally.ts';
import { groupsOf } from './workflow-group.ts';

/** From so many finished workflows without advisors on, their rate says more than what a host believes of itself. */
export const ENOUGH_WORKFLOWS = 5;

/**
 * How likely the host is to succeed alone: the share that passed of this workspace's own finished workflows in which no
 * advisor was called; too few of them, what the host declared; null when it declared nothing.
 */
export function aloneLikelihood(tally: Tally, declared: number | null = null): Likelihood | null {
  const alone = groupsOf(tally).filter(({ coordinated }) => !coordinated);
  const finished = alone.reduce((sum, group) => sum + group.finished, 0);
  const passed = alone.reduce((sum, group) => sum + group.passed, 0);
  if (finished >= ENOUGH_WORKFLOWS) return { value: passed / finished, basis: 'observed' };
  return declared === null ? null : { value: declared, basis: 'reported' };
}
