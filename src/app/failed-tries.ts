import type { Decision } from '../domain/policy.ts';
import type { FailedAdvice } from '../flows/advise.ts';
import type { BudgetView, FailedTry, NotAsked } from './calls.ts';

const MAX_DETAIL = 1_500;

/** A failed try as callers see it: bounded; what had arrived of an answer is quoted and named untrusted. */
export function failedTry({ provider, failure }: FailedAdvice): FailedTry {
  const { reason, message, remedy, retryAfterMs, partial } = failure;
  const quoted = partial ? `${message}; it had said (untrusted): ${partial}` : message;
  return { provider, reason, detail: quoted.slice(0, MAX_DETAIL), remedy, retry_after_ms: retryAfterMs };
}

/** What the rules said against asking, as callers see it. */
export function notAsked({ decision, rule, reason, next }: Decision, budget: BudgetView, workflowId: string): NotAsked {
  return {
    status: decision === 'skip' ? 'skipped' : 'refused',
    rule,
    reason,
    next: next ?? 'carry on alone with the evidence there is',
    budget,
    workflow_id: workflowId,
  };
}

/** What to do when nobody answered. */
export function carryOnAlone(failures: readonly FailedTry[]): string {
  const remedies = [
    ...new Set(failures.map(({ provider, remedy }) => `${provider}: ${remedy.replace(/\.$/, '')}`)),
  ].slice(0, 5);
  const mend = remedies.length > 0 ? ` What would help: ${remedies.join('; ')}.` : '';
  return `carry on alone with the evidence there is.${mend}`;
}
