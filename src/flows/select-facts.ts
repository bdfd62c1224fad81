import type { Candidate } from '../domain/candidate.ts';
import type { Baseline, Evidence } from '../domain/evidence.ts';
import type { NewEvent } from '../domain/ports.ts';
import type { Selection } from '../domain/selection.ts';

/** What the unchanged tree's tests said, in counts. */
export function baselineObserved({ format, failing, passing, flaky, ms }: Baseline): NewEvent {
  const payload = { format, failing: failing.length, passing: passing.length, flaky: flaky.length, ms };
  return { type: 'baseline_observed', payload };
}

/** What is known about a candidate of a file, in counts. */
export function verified({ id, provider }: Candidate, evidence: Evidence): NewEvent {
  const { basis, applies, status, executed, targets, fixed, broken, ms } = evidence;
  return {
    type: 'candidate_verified',
    payload: {
      candidate: id,
      provider: provider ?? null,
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

/** The ranking and what put its first one there. A candidate without an executed test is untested, and did neither pass nor fail. */
export function selectionMade(
  mode: string,
  entries: ReadonlyArray<{ readonly candidate: Candidate }>,
  { ranking, winner, closest, why }: Selection,
): NewEvent {
  const places = new Map(
    entries.map(({ candidate }, order) => [candidate.id, { order, provider: candidate.provider ?? null }]),
  );
  return {
    type: 'selection_made',
    payload: {
      mode,
      ranking: ranking.map(({ id, evidence, eligible }) => {
        const tested = (evidence.executed ?? 0) > 0;
        return { candidate: id, ...places.get(id)!, tested, passed: tested ? eligible : null };
      }),
      winner,
      closest,
      why,
    },
  };
}
