import type { Evidence } from '../domain/evidence.ts';
import type { NewEvent } from '../domain/ports.ts';
import type { Selection } from '../domain/selection.ts';
import { candidateVerified } from './evidence-facts.ts';
import type { FixOutcome } from './fix-contract.ts';
import type { Found } from './search.ts';

/** What the user's own command said of a candidate. */
export function verified({ rank, provider, operator }: Found, evidence: Evidence): NewEvent {
  const subject = { candidate: String(rank), provider, ...(operator === undefined ? {} : { operator }) };
  return candidateVerified(subject, evidence);
}

/** The order in which candidates that pass the screen were put, and the one that the command confirmed. */
export function selectionMade(
  order: Selection,
  pool: readonly { readonly found: Found }[],
  winner: Found | null,
): NewEvent {
  const providers = new Map(pool.map(({ found }) => [String(found.rank), found.provider]));
  return {
    type: 'selection_made',
    payload: {
      mode: 'tests_first',
      ranking: order.ranking.map(({ id, eligible }) => ({
        candidate: id,
        provider: providers.get(id) ?? null,
        order: Number(id) - 1,
        tested: true,
        passed: eligible,
      })),
      winner: winner ? String(winner.rank) : null,
      closest: winner ? null : (order.ranking[0]?.id ?? null),
      why: order.why,
    },
  };
}

export function shrunk({ rank }: Found, before: number, after: number, ms: number): NewEvent {
  return { type: 'patch_shrunk', payload: { candidate: String(rank), hunks_before: before, hunks_after: after, ms } };
}

/** The end of a workflow: whether its final state passed its checks, as observed. */
export function finished({ status, candidatesTried }: FixOutcome, ms: number): NewEvent {
  return {
    type: 'workflow_finished',
    payload: {
      outcome: status,
      passed: status !== 'not_fixed',
      basis: 'observed',
      candidates_tried: candidatesTried,
      ms,
    },
  };
}
