import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALONE_THRESHOLD, decide, type Situation, type Wish } from '../../src/domain/policy.ts';
import type { StageDefinition } from '../../src/domain/stage.ts';

const stageOf = (more: Partial<StageDefinition> = {}) =>
  ({ id: 'hypothesize', ensemble: 'encouraged', consults: { most: 2, fromIteration: 1 }, ...more }) as StageDefinition;
const wish = (more: Partial<Wish> = {}): Wish => ({ kind: 'consult', n: 1, force: false, ...more });
const situation = (more: Partial<Situation> = {}): Situation => ({
  stage: stageOf(),
  iteration: 1,
  left: { stage: 2, workflow: 6 },
  alone: null,
  ...more,
});
const alone = (value: number, basis: 'observed' | 'reported' = 'observed') => ({ alone: { value, basis } });

describe('asking others', () => {
  it('is allowed within the budget', () => {
    expect(decide(wish(), situation())).toEqual({
      decision: 'allow',
      rule: 'within_budget',
      reason: '2 left in this stage, 6 in this workflow',
      forced: false,
      left: { stage: 2, workflow: 6 },
      next: null,
    });
  });

  it.each(['no', 'refused'] as const)('as an ensemble is refused in a stage that says %s', (ensemble) => {
    const decision = decide(wish({ kind: 'ensemble', n: 2, force: true }), situation({ stage: stageOf({ ensemble }) }));
    expect(decision).toMatchObject({ decision: 'refuse', rule: 'single_agent_stage', forced: false });
    expect(decide(wish(), situation({ stage: stageOf({ ensemble }) })).decision).toBe('allow');
  });

  it('is refused before the iteration from which a stage takes it', () => {
    const debug = stageOf({ id: 'debug', consults: { most: 1, fromIteration: 3 } });
    expect(decide(wish(), situation({ stage: debug, iteration: 2 }))).toMatchObject({
      decision: 'refuse',
      rule: 'too_early',
    });
    expect(decide(wish(), situation({ stage: debug, iteration: 3 })).decision).toBe('allow');
  });

  it.each([
    ['stage', { stage: 1, workflow: 6 }, 'ask for at most 1'],
    ['workflow', { stage: 2, workflow: 1 }, 'ask for at most 1'],
    ['stage', { stage: 0, workflow: 0 }, 'carry on alone with the evidence there is, and hand in the stage'],
  ])('for more than is left in the %s is refused with what can be done', (scope, left, next) => {
    const decision = decide(wish({ kind: 'ensemble', n: 2 }), situation({ left }));
    expect(decision).toMatchObject({ decision: 'refuse', rule: `${scope}_budget`, next });
  });

  it('as an ensemble is skipped from 45 % on, and says how that is known', () => {
    const ensemble = wish({ kind: 'ensemble', n: 2 });
    expect(decide(ensemble, situation(alone(0.45)))).toMatchObject({ decision: 'skip', rule: 'likely_alone' });
    expect(decide(ensemble, situation(alone(0.6))).reason).toContain(
      '60 % likely to succeed alone (as observed in this workspace)',
    );
    expect(decide(ensemble, situation(alone(0.6, 'reported'))).reason).toContain('(as you say yourself)');
    expect(decide(ensemble, situation(alone(0.449))).decision).toBe('allow');
  });

  it('can be forced past the stop rule, which is noted', () => {
    const decision = decide(wish({ kind: 'ensemble', n: 2, force: true }), situation(alone(0.9)));
    expect(decision).toMatchObject({ decision: 'allow', rule: 'likely_alone', forced: true, next: null });
  });
});

describe('a judge in a stage that is for tests to decide', () => {
  it.each(['implement', 'debug'] as const)('is refused in %s whatever is left, plainly and first', (id) => {
    const stage = stageOf({ id, ensemble: 'refused', consults: { most: 1, fromIteration: id === 'debug' ? 3 : 1 } });
    expect(decide(wish({ kind: 'judge', n: 2 }), situation({ stage }))).toMatchObject({
      decision: 'refuse',
      rule: 'judge_takes_two',
      reason: `a judgement takes 2 consults, one for each order of the candidates, and '${id}' allows 1: there the tests decide`,
      next: 'choose by tests: mode tests_first with a test_command',
    });
  });

  it('may look at one candidate there, which takes one', () => {
    const stage = stageOf({ id: 'implement', consults: { most: 1, fromIteration: 1 } });
    expect(decide(wish({ kind: 'judge', n: 1 }), situation({ stage })).decision).toBe('allow');
  });
});

describe('a judge that the budget does not reach', () => {
  it('is replaced by tests, not by fewer questions', () => {
    const decision = decide(wish({ kind: 'judge', n: 2 }), situation({ left: { stage: 1, workflow: 4 } }));
    expect(decision).toMatchObject({ decision: 'refuse', rule: 'stage_budget' });
    expect(decision.next).toContain('tests_first');
  });
});

describe('the rules hold, for every wish and situation, that', () => {
  const left = fc.record({ stage: fc.nat(3), workflow: fc.nat(7) });
  const any = fc.record({
    wish: fc.record({
      kind: fc.constantFrom('consult' as const, 'ensemble' as const, 'judge' as const),
      n: fc.integer({ min: 1, max: 7 }),
      force: fc.boolean(),
    }),
    situation: fc.record({
      stage: fc.option(
        fc
          .record({
            ensemble: fc.constantFrom('no' as const, 'encouraged' as const, 'refused' as const, 'for_review' as const),
            consults: fc.record({ most: fc.nat(2), fromIteration: fc.integer({ min: 1, max: 3 }) }),
          })
          .map((more) => stageOf(more)),
      ),
      iteration: fc.integer({ min: 1, max: 5 }),
      left,
      alone: fc.option(
        fc.record({
          value: fc.double({ min: 0, max: 1, noNaN: true }),
          basis: fc.constantFrom('observed' as const, 'reported' as const),
        }),
      ),
    }),
  });
  const check = (property: (given: { wish: Wish; situation: Situation }) => void): void =>
    fc.assert(fc.property(any, property), { numRuns: 500 });

  it('what is allowed fits in what is left', () => {
    check((given) => {
      const { decision } = decide(given.wish, given.situation);
      const { stage, workflow } = given.situation.left;
      if (decision === 'allow') expect(given.wish.n).toBeLessThanOrEqual(Math.min(stage, workflow));
    });
  });

  it('forcing never overrides a refusal', () => {
    check((given) => {
      const forced = decide({ ...given.wish, force: true }, given.situation);
      const free = decide({ ...given.wish, force: false }, given.situation);
      expect(forced.decision === 'refuse').toBe(free.decision === 'refuse');
      expect(forced.forced).toBe(free.decision === 'skip');
    });
  });

  it('only an ensemble by a host that is likely to succeed alone is skipped', () => {
    check((given) => {
      if (decide(given.wish, given.situation).decision !== 'skip') return;
      expect(given.wish.kind).toBe('ensemble');
      expect(given.situation.alone?.value).toBeGreaterThanOrEqual(ALONE_THRESHOLD);
    });
  });

  it('whoever is not allowed is told what to do instead', () => {
    check((given) => {
      const { decision, next } = decide(given.wish, given.situation);
      expect(next === null).toBe(decision === 'allow');
    });
  });
});
