import type { Candidate } from '../domain/candidate.ts';
import type { NewEvent } from '../domain/ports.ts';
import type { Selection } from '../domain/selection.ts';

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
