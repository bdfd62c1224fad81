import type { Advisor, Proposal, RepairBrief } from '../domain/ports.ts';

/** A proposal with who made it and its place in the order of trial, from 1. */
export interface RankedProposal extends Proposal {
  readonly provider: string;
  readonly rank: number;
}

/**
 * The advisors' proposals taken in turn, so that none waits for another's end. `skip` drops what an earlier
 * process already tried: advisors give the same proposals in the same order for the same brief.
 */
export async function* proposals(
  advisors: readonly Advisor[],
  brief: RepairBrief,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<RankedProposal> {
  let open = advisors.map((advisor) => ({
    id: advisor.id,
    iterator: advisor.propose(brief, signal)[Symbol.asyncIterator](),
  }));
  let rank = 0;
  try {
    while (open.length > 0) {
      const ended = new Set<string>();
      for (const { id, iterator } of open) {
        const next = await iterator.next();
        if (next.done) ended.add(id);
        else if (++rank > skip) yield { ...next.value, provider: id, rank };
      }
      open = open.filter(({ id }) => !ended.has(id));
    }
  } finally {
    await Promise.all(open.map(({ iterator }) => iterator.return?.()));
  }
}
