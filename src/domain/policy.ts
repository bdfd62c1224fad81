import type { StageDefinition } from './stage.ts';

/** From this likelihood of succeeding alone on, others are not asked (PAPERS: centralized coordination was worse in 9 of 9 cells from 45 %). */
export const ALONE_THRESHOLD = 0.45;

/** What a host wants of others; `n` is how many are asked. */
export interface Wish {
  readonly kind: 'consult' | 'ensemble' | 'judge';
  readonly n: number;
  readonly force: boolean;
}

/** How likely the host is to succeed alone, and how that is known. */
export interface Likelihood {
  readonly value: number;
  readonly basis: 'observed' | 'reported';
}

/** What the rules look at. */
export interface Situation {
  /** The stage the workflow is in; null before the first. */
  readonly stage: StageDefinition | null;
  /** Rounds in this stage, from 1. */
  readonly iteration: number;
  readonly left: { readonly stage: number; readonly workflow: number };
  readonly alone: Likelihood | null;
}

/** What the rules say, in words a host can act on. `forced`: a rule was overridden by the user. */
export interface Decision {
  readonly decision: 'allow' | 'skip' | 'refuse';
  readonly rule: string;
  readonly reason: string;
  readonly forced: boolean;
  readonly left: { readonly stage: number; readonly workflow: number };
  /** The next best move when others are not asked; null when they are. */
  readonly next: string | null;
}

/** Whether others may be asked now. Refusals cannot be forced; the stop rule can. */
export function decide(wish: Wish, situation: Situation): Decision {
  const { left } = situation;
  const verdict = (decision: Decision['decision'], [rule, reason, next]: Objection): Decision => ({
    decision,
    rule,
    reason,
    forced: false,
    left,
    next,
  });
  const refusal = refused(wish, situation);
  if (refusal) return verdict('refuse', refusal);
  const skip = wish.kind === 'ensemble' ? likelyAlone(situation) : null;
  if (skip && !wish.force) return verdict('skip', skip);
  const [rule, reason] = skip ?? [
    'within_budget',
    `${left.stage} left in this stage, ${left.workflow} in this workflow`,
  ];
  return { decision: 'allow', rule, reason, forced: skip !== null, left, next: null };
}

const CHOOSE_BY_TESTS = 'choose by tests: mode tests_first with a test_command';

type Objection = readonly [rule: string, reason: string, next: string];

function refused({ kind, n }: Wish, { stage, iteration, left }: Situation): Objection | null {
  if (stage && kind === 'judge' && stage.consults.most < n)
    return [
      'judge_takes_two',
      `a judgement takes ${n} consults, one for each order of the candidates, and '${stage.id}' allows ${stage.consults.most}: there the tests decide`,
      CHOOSE_BY_TESTS,
    ];
  if (stage && kind === 'ensemble' && (stage.ensemble === 'refused' || stage.ensemble === 'no'))
    return [
      'single_agent_stage',
      `the stage '${stage.id}' is done by one agent: no ensembles`,
      'carry on alone, or ask one advisor with maestro_consult where the stage allows it',
    ];
  if (stage && iteration < stage.consults.fromIteration)
    return [
      'too_early',
      `in '${stage.id}' others are asked from iteration ${stage.consults.fromIteration} on; this is iteration ${iteration}`,
      'make one change yourself, run the tests, and hand the result in with maestro_run_stage',
    ];
  const scope = left.stage < n ? 'stage' : left.workflow < n ? 'workflow' : null;
  if (scope === null) return null;
  const rest = Math.min(left.stage, left.workflow);
  return [`${scope}_budget`, `${n} asked for, ${left[scope]} left in this ${scope}`, insteadOf(kind, rest, stage)];
}

/** The next best move where the budget says no. */
function insteadOf(kind: Wish['kind'], rest: number, stage: Situation['stage']): string {
  if (kind === 'judge') return CHOOSE_BY_TESTS;
  if (rest > 0) return `ask for at most ${rest}`;
  return `carry on alone with the evidence there is${stage === null ? '' : ', and hand in the stage'}`;
}

function likelyAlone({ alone }: Situation): Objection | null {
  if (alone === null || alone.value < ALONE_THRESHOLD) return null;
  const percent = Math.round(100 * alone.value);
  const how = alone.basis === 'observed' ? 'as observed in this workspace' : 'as you say yourself';
  return [
    'likely_alone',
    `${percent} % likely to succeed alone (${how}); from ${100 * ALONE_THRESHOLD} % on, asking others does not pay`,
    'carry on alone; force: true asks all the same, and is recorded',
  ];
}
