import type { Candidate } from '../domain/candidate.ts';
import type { Run } from '../domain/ports.ts';
import { rankHypotheses, type Selection, type Verification } from '../domain/selection.ts';
import { type KnownTests, verificationOf } from '../domain/verification.ts';
import { NOTHING_KNOWN } from './select-contract.ts';

const SAYS: Record<Verification, string> = {
  reproduces: 'its test runs and reproduces the failure',
  runs: 'its test runs and passes on the unchanged tree: it does not show the failure',
  exists: 'its test exists and was not run: the test command does not run it, or there is none',
  none: 'its test is not there',
};

/** Orders hypotheses by how far their test gets on the unchanged tree; only one whose test reproduces the failure is chosen. */
export function orderHypotheses(run: Run, hypotheses: readonly Candidate[], known: KnownTests): Promise<Selection> {
  return run.step('select', async (record) => {
    const judged = hypotheses.map((candidate, order) => ({
      candidate,
      order,
      verification: verificationOf(candidate.verification_test ?? '', known),
    }));
    const ranked = rankHypotheses(judged);
    const [first] = ranked;
    const winner = first?.verification === 'reproduces' ? first.candidate.id : null;
    const closest = first && winner === null && first.verification !== 'none' ? first.candidate.id : null;
    const ranking = ranked.map(({ candidate, verification }, index) => ({
      id: candidate.id,
      rank: index + 1,
      eligible: verification === 'reproduces',
      evidence: { ...NOTHING_KNOWN, basis: wasRun(verification) ? ('observed' as const) : ('none' as const) },
      why: SAYS[verification],
    }));
    const why = whyOf(winner, closest, ranking.length, first ? SAYS[first.verification] : '');
    record({
      type: 'selection_made',
      payload: {
        mode: 'tests_first',
        ranking: ranked.map(({ candidate, order, verification }) => ({
          candidate: candidate.id,
          provider: candidate.provider ?? null,
          order,
          tested: wasRun(verification),
          passed: wasRun(verification) ? verification === 'reproduces' : null,
        })),
        winner,
        closest,
        why,
      },
    });
    return { winner, closest, why, ranking, next: nextOf(winner, closest, known.command !== null) };
  });
}

function wasRun(verification: Verification): boolean {
  return verification === 'reproduces' || verification === 'runs';
}

function whyOf(winner: string | null, closest: string | null, count: number, says: string): string {
  if (winner !== null) return `Of ${count}, '${winner}' comes first: ${says}.`;
  if (closest !== null) return `No test of ${count} reproduces the failure. Closest is '${closest}': ${says}.`;
  return count === 0 ? 'There is no hypothesis to choose from.' : `No hypothesis of ${count} has a test that is there.`;
}

function nextOf(winner: string | null, closest: string | null, hasCommand: boolean): string {
  if (winner !== null) return `Select '${winner}' and implement the smallest change it calls for.`;
  if (!hasCommand) return 'Give test_command: then it shows which of these tests reproduce the failure.';
  return closest !== null
    ? `Write a test that fails if '${closest}' holds, then choose again.`
    : 'Write the verification tests first, then choose again.';
}
