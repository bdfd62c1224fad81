import { MaestroError } from './errors.ts';

/** At most this many consults, unless configured otherwise. */
export const CONSULT_LIMITS = { stage: 2, workflow: 6 } as const;

/** A scope budget is taken from, and how much there is in all. */
export interface Limit {
  /** Names what is limited, for good: `workflow:<id>` or `workflow:<id>/stage:<stage>`. */
  readonly scope: string;
  readonly limit: number;
}

/** What is asked of others; a judge's call counts as a consult. */
export type Ask = { readonly kind: 'consult' | 'judge' } | { readonly kind: 'ensemble'; readonly n: number };

/** Budget granted (`id` names it; `left` is of each scope, in the order given), or refused by the first scope that has too little. */
export type Reservation =
  | { readonly granted: true; readonly id: string; readonly left: readonly number[] }
  | { readonly granted: false; readonly scope: string; readonly limit: number; readonly left: number };

/** How many consults an ask counts as: an ensemble of n counts n. */
export function amountOf(ask: Ask): number {
  return ask.kind === 'ensemble' ? ask.n : 1;
}

/** Both limits a consult in a stage has to keep. */
export function consultLimits(
  workflowId: string,
  stage: string,
  limits: { readonly stage: number; readonly workflow: number } = CONSULT_LIMITS,
): Limit[] {
  return [
    { scope: `workflow:${workflowId}/stage:${stage}`, limit: limits.stage },
    { scope: `workflow:${workflowId}`, limit: limits.workflow },
  ];
}

/** The refusal as an expected failure: which rule, what is left, and what to do instead. */
export function budgetExhausted(refused: Reservation & { granted: false }, amount: number): MaestroError {
  const { scope, limit, left } = refused;
  const where = scope.includes('/stage:') ? `stage '${scope.split('/stage:')[1]}'` : 'workflow';
  return new MaestroError(
    'budget_exhausted',
    `this ${where} may ask others ${limit} times; ${left} left, ${amount} asked for`,
    left > 0 ? `ask for at most ${left}, or carry on alone` : 'carry on alone with the evidence there is',
  );
}
