import type { WorkflowView } from './workflow.ts';

/** After so many days in which nothing happened, a task that was never ended is asked about before anything is added to it. */
export const IDLE_DAYS = 7;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days since anything happened in a task that has not ended, from 7 on; null before, and for one that has ended. */
export function idleDays(
  { status, touchedAt }: Pick<WorkflowView, 'status' | 'touchedAt'>,
  now: number,
): number | null {
  const days = Math.floor((now - touchedAt) / DAY_MS);
  return status !== 'finished' && days >= IDLE_DAYS ? days : null;
}
