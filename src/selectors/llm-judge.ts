import type { Evidence } from '../domain/evidence.ts';
import { type Selection, type SelectionCandidate, select } from '../domain/selection.ts';
import type { Judgement, SelectorDefinition } from '../domain/selector.ts';

export const selector: SelectorDefinition = {
  mode: 'llm_judge',
  summary: 'for what cannot be tested: another advisor chooses among candidates that no test speaks against',
  contenders,
  select: (candidates, judgement = null) => judged(candidates, select(candidates), judgement),
};

/** Those that pass, when there are several; when none passes, those that nothing speaks against. */
function contenders(candidates: readonly SelectionCandidate[]): readonly string[] {
  const passing = select(candidates).ranking.filter(({ eligible }) => eligible);
  if (passing.length === 1) return [];
  if (passing.length > 1) return passing.map(({ id }) => id);
  return candidates.filter(({ evidence }) => !fails(evidence)).map(({ id }) => id);
}

/** Whether what is known speaks against it: a judge's word does not outweigh that. */
function fails({ applies, protectedFiles, executed, broken, fixed, targets, status }: Evidence): boolean {
  const missesTargets = fixed !== null && targets !== null && fixed.length < targets.length;
  const endedBadly = status !== null && status !== 'passed';
  return (
    applies === false ||
    protectedFiles.length > 0 ||
    executed === 0 ||
    (broken?.length ?? 0) > 0 ||
    missesTargets ||
    endedBadly
  );
}

function judged(
  candidates: readonly SelectionCandidate[],
  byEvidence: Selection,
  judgement: Judgement | null,
): Selection {
  const possible = contenders(candidates);
  if (possible.length === 0) return byEvidence;
  const { ranking, closest } = byEvidence;
  const none = (why: string, next: string): Selection => ({ winner: null, closest, why, ranking, next });
  if (!judgement) return none('No judge was asked.', 'Choose with mode tests_first, or name an advisor who may judge.');
  const { winner, why, judge } = judgement;
  if (winner === null) return none(why, 'Choose yourself, or give candidates as patches with a test command to run.');
  if (!possible.includes(winner))
    return none(`The judge chose '${winner}', which evidence speaks against.`, 'Ask for new candidates.');
  const chosen = ranking.find(({ id }) => id === winner)!;
  const first = { ...chosen, why: `chosen by the judge; ${chosen.why}` };
  const order = [first, ...ranking.filter(({ id }) => id !== winner)];
  return {
    winner,
    closest: null,
    why: `'${winner}' was chosen by ${judge ?? 'a judge'} among ${possible.length}: ${why}`,
    ranking: order.map((one, index) => ({ ...one, rank: index + 1 })),
    next: chosen.eligible
      ? `Apply '${winner}'.`
      : `Read '${winner}' before relying on it: a judge chose it, no test did.`,
  };
}
