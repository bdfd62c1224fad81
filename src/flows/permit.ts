import { type Decision, decide, type Situation, type Wish } from '../domain/policy.ts';
import type { NewEvent, Run } from '../domain/ports.ts';
import type { AdvisePorts } from './advise.ts';
import { reserved } from './advise-facts.ts';

export interface PermitPorts {
  readonly situation: () => Promise<Situation>;
  readonly reserve: AdvisePorts['reserve'];
}

/** What the rules say, the wish it is about, and the budget taken for it, when it was to be taken at once. */
export interface Permit {
  readonly decision: Decision;
  readonly wish: Wish;
  readonly reservation: string | null;
}

/**
 * Puts a wish to the rules and records what they say; with `payAt: 'once'` the whole amount is taken in the same step, and a
 * budget that others used up meanwhile is a refusal like any other. A wish may depend on the situation.
 */
export function permit(
  run: Run,
  ports: PermitPorts,
  name: string,
  wishIn: (situation: Situation) => Wish,
  payAt: 'once' | 'each ask',
): Promise<Permit> {
  return run.step(name, async (record): Promise<Permit> => {
    const situation = await ports.situation();
    const wish = wishIn(situation);
    const decision = decide(wish, situation);
    if (decision.decision !== 'allow' || payAt === 'each ask') {
      record(decided(wish, decision));
      return { decision, wish, reservation: null };
    }
    const taken = await ports.reserve(wish.n);
    if (taken.granted) {
      for (const event of [decided(wish, decision), ...reserved(taken, wish.n)]) record(event);
      return { decision, wish, reservation: taken.id };
    }
    const refusal = decide(wish, await ports.situation());
    for (const event of [decided(wish, refusal), ...reserved(taken, wish.n)]) record(event);
    return { decision: refusal, wish, reservation: null };
  });
}

function decided({ kind }: Wish, { decision, rule, reason, forced }: Decision): NewEvent {
  return { type: 'policy_decided', payload: { subject: kind, decision, rule, reason, forced } };
}
