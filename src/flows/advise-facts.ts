import type { Answer, NoAnswer } from '../domain/advice.ts';
import type { NewEvent, Run } from '../domain/ports.ts';
import type { Inquiry, Taken } from './advise.ts';

/** A question was put to an advisor. */
export function askedOf(
  run: Run,
  { name, purpose, stage, ensemble }: Inquiry,
  attempt: {
    readonly turn: number;
    readonly provider: string;
    readonly model: string | null;
    readonly problem: string | null;
  },
): NewEvent {
  return {
    type: 'consult_asked',
    payload: {
      consult: `${run.id}.${name}.${attempt.turn}`,
      provider: attempt.provider,
      model: attempt.model,
      purpose: attempt.problem === null ? purpose : 'retry',
      stage,
      ensemble,
    },
  };
}

/** It answered: with what model, how long it took, and what it says it used. */
export function answered(asked: NewEvent, { model, usage, ms, truncated }: Answer): NewEvent {
  return { type: 'consult_answered', payload: { ...exchange(asked, model), ...tokens(usage), ms, truncated } };
}

/** It gave no answer that may be used. */
export function failed(asked: NewEvent, { model, usage, ms, ran, reason, message }: NoAnswer): NewEvent {
  return {
    type: 'consult_failed',
    payload: { ...exchange(asked, model), ...tokens(usage), ran, reason, detail: message.slice(0, 500), ms },
  };
}

/** Budget was taken from each scope, or the first that has too little refused. */
export function reserved(taken: Taken, amount: number): readonly NewEvent[] {
  if (!taken.granted)
    return [{ type: 'budget_refused', payload: { scope: taken.scope, amount, left: Math.max(0, taken.left) } }];
  return taken.left.map(({ scope, left }) => ({
    type: 'budget_reserved',
    payload: { reservation: taken.id, scope, amount, left },
  }));
}

/** What of a reservation was used. */
export function settled(reservation: string, amount: number): NewEvent {
  return { type: 'budget_settled', payload: { reservation, amount } };
}

function exchange({ payload }: NewEvent, model: string | null) {
  const { consult, provider, purpose } = payload;
  return { consult, provider, purpose, model: model ?? payload.model };
}

function tokens({ input_tokens, output_tokens, cost_usd }: Answer['usage']) {
  return { input_tokens, output_tokens, cost_usd };
}
