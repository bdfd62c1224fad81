import type { Baseline, Evidence } from '../domain/evidence.ts';
import type { NewEvent } from '../domain/ports.ts';

/** Whose evidence it is. */
export interface Subject {
  readonly candidate: string;
  readonly provider: string | null;
  readonly operator?: string;
}

/** What the unchanged tree's tests said, in counts. */
export function baselineObserved({ format, failing, passing, flaky, ms }: Omit<Baseline, 'runs'>): NewEvent {
  const payload = { format, failing: failing.length, passing: passing.length, flaky: flaky.length, ms };
  return { type: 'baseline_observed', payload };
}

/** What is known about a candidate, in counts. */
export function candidateVerified({ candidate, provider, operator }: Subject, evidence: Evidence): NewEvent {
  const { basis, applies, status, executed, targets, fixed, broken, ms } = evidence;
  return {
    type: 'candidate_verified',
    payload: {
      candidate,
      provider,
      ...(operator === undefined ? {} : { operator }),
      basis: basis === 'none' ? null : basis,
      applies,
      status,
      executed,
      targets: targets?.length ?? null,
      fixed: fixed?.length ?? null,
      broken: broken?.length ?? null,
      ms,
    },
  };
}
