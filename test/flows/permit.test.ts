import { describe, expect, it } from 'vitest';
import type { Situation, Wish } from '../../src/domain/policy.ts';
import { type PermitPorts, permit } from '../../src/flows/permit.ts';
import { Journal } from './memory-run.ts';

const WISH: Wish = { kind: 'ensemble', n: 3, force: false };
const situation = (left: number, alone: Situation['alone'] = null): Situation => ({
  stage: null,
  iteration: 1,
  left: { stage: left, workflow: left },
  alone,
});
const granting: PermitPorts['reserve'] = async () => ({
  granted: true,
  id: 'r1',
  left: [{ scope: 'workflow:w', limit: 6, left: 3 }],
});

describe('a permit', () => {
  it('takes the whole budget in the step that allows it, and records both', async () => {
    const journal = new Journal();
    const ports = { situation: async () => situation(6), reserve: granting };
    const { decision, reservation } = await permit(journal.run(), ports, 'policy', () => WISH, 'once');
    expect([decision.decision, reservation]).toEqual(['allow', 'r1']);
    expect(journal.of('policy_decided')).toMatchObject([{ subject: 'ensemble', decision: 'allow', forced: false }]);
    expect(journal.of('budget_reserved')).toEqual([{ reservation: 'r1', scope: 'workflow:w', amount: 3, left: 3 }]);
  });

  it('takes nothing where each ask is paid by itself', async () => {
    const ports: PermitPorts = { situation: async () => situation(6), reserve: () => expect.fail('not now') };
    expect(await permit(new Journal().run(), ports, 'policy', () => WISH, 'each ask')).toMatchObject({
      reservation: null,
    });
  });

  it('is a refusal, in the words of the rules, when others used the budget up meanwhile', async () => {
    const journal = new Journal();
    const left = [situation(6), situation(1)];
    const ports: PermitPorts = {
      situation: async () => left.shift()!,
      reserve: async () => ({ granted: false, scope: 'workflow:w', limit: 6, left: 1 }),
    };
    const { decision, reservation } = await permit(journal.run(), ports, 'policy', () => WISH, 'once');
    expect(decision).toMatchObject({ decision: 'refuse', rule: 'stage_budget', next: 'ask for at most 1' });
    expect(reservation).toBeNull();
    expect(journal.events.map(({ type }) => type)).toEqual(['policy_decided', 'budget_refused']);
  });

  it('may wish for what the situation allows', async () => {
    const ports = { situation: async () => situation(2), reserve: granting };
    const wish = ({ left }: Situation): Wish => ({ ...WISH, n: left.stage });
    expect((await permit(new Journal().run(), ports, 'policy', wish, 'once')).wish.n).toBe(2);
  });

  it('is skipped or forced by the stop rule, and says so', async () => {
    const alone = { value: 0.5, basis: 'observed' } as const;
    const ports = { situation: async () => situation(6, alone), reserve: granting };
    const skipped = await permit(new Journal().run(), ports, 'policy', () => WISH, 'once');
    expect(skipped).toMatchObject({ decision: { decision: 'skip', rule: 'likely_alone' }, reservation: null });
    const journal = new Journal();
    const forced = await permit(journal.run(), ports, 'policy', () => ({ ...WISH, force: true }), 'once');
    expect(forced).toMatchObject({ decision: { decision: 'allow', forced: true }, reservation: 'r1' });
    expect(journal.of('policy_decided')).toMatchObject([{ forced: true }]);
  });

  it('is given once: a resumed run finds it as it was', async () => {
    const journal = new Journal();
    let asked = 0;
    const ports = { situation: async () => situation(asked++ === 0 ? 6 : 0), reserve: granting };
    for (let time = 0; time < 2; time++)
      expect((await permit(journal.run(), ports, 'policy', () => WISH, 'once')).decision.decision).toBe('allow');
    expect(asked).toBe(1);
  });
});
