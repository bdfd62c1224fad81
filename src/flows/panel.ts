import type { Situation } from '../domain/policy.ts';
import type { Run, Suspect } from '../domain/ports.ts';
import type { RoleId } from '../domain/role.ts';
import type { StageId } from '../domain/stage.ts';
import type { Advised, AdvisePorts, FailedAdvice, Inquiry } from './advise.ts';
import { permit } from './permit.ts';

/** The models that a fix run asks, on the ledger and within the budget. */
export interface Panel {
  /** Ids of advisors in the configured order. */
  readonly models: readonly string[];
  /** Puts a question to the first of its advisors, and to the next when it fails; each ask and each answer is a committed step. */
  readonly advise: (run: Run, inquiry: Inquiry) => Promise<Advised>;
  readonly situation: (stage: StageId) => Promise<Situation>;
  readonly reserve: AdvisePorts['reserve'];
  /** System prompt of a role, and why an answer to it is not in the form asked for. */
  readonly role: (id: RoleId) => Promise<Pick<Inquiry, 'malformed'> & Pick<Inquiry['request'], 'kind' | 'system'>>;
  /** The code a question is about, without secrets. */
  readonly pack: (matter: Matter) => Promise<string>;
}

/** What code is packed for. */
export interface Matter {
  readonly task: string | null;
  readonly errors: readonly string[];
  readonly suspects: readonly Suspect[];
  readonly stage: StageId;
}

/** The models to ask now, each with those that stand in for it when it fails. Empty where the rules or the budget refuse. */
export interface Seats {
  readonly seats: ReadonlyArray<readonly string[]>;
  /** Why nobody is asked; null where somebody is. */
  readonly refusal: string | null;
}

/**
 * Whom to ask in a stage: at most `most` models, as far as the budget goes, beginning with those whose turn it is after `asked`
 * earlier asks. What the rules say is recorded.
 */
export async function seatsFor(
  run: Run,
  panel: Panel,
  { name, stage, most, asked }: { name: string; stage: StageId; most: number; asked: number },
): Promise<Seats> {
  const { decision, wish } = await permit(
    run,
    { situation: () => panel.situation(stage), reserve: panel.reserve },
    name,
    ({ left }) => {
      const affordable = Math.max(1, Math.min(left.stage, left.workflow));
      const n = Math.min(most, panel.models.length, affordable);
      return { kind: n > 1 ? 'ensemble' : 'consult', n, force: false };
    },
    'each ask',
  );
  if (decision.decision !== 'allow') return { seats: [], refusal: `${decision.reason}${raising(decision.rule)}` };
  const from = asked % panel.models.length;
  const order = [...panel.models.slice(from), ...panel.models.slice(0, from)];
  const seats = order
    .slice(0, wish.n)
    .map((model, seat) => [model, ...order.slice(wish.n).filter((_, index) => index % wish.n === seat)]);
  return { seats, refusal: null };
}

/** What lets a person have more asked, where the budget is why not. */
function raising(rule: string): string {
  const scope = /^(stage|workflow)_budget$/.exec(rule)?.[1];
  return scope === undefined ? '' : `; limits.consults_per_${scope} in maestro.config.jsonc says how often`;
}

/** A failed try in words for a person, with what would help. */
export function failureNote({ provider, failure }: FailedAdvice): string {
  return `${provider} gave no usable answer (${failure.reason}): ${failure.message}; ${failure.remedy}`;
}
