import { beforeEach, describe, expect, it } from 'vitest';
import { checkedEvent } from '../../src/domain/event.ts';
import { fix } from '../../src/flows/fix.ts';
import { PASSES, World } from './world.ts';

let world: World;
const partial = (fixed: number, broken = 0) => ({
  screening: { verdict: 'fail', fixed, broken } as const,
  verified: false,
});

beforeEach(() => {
  world = new World();
});

describe('fixing', () => {
  it('goes through the stages and hands over the candidate that passes', async () => {
    world.natures = { good: PASSES };
    world.answers = [['bad', 'good']];
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(outcome).toMatchObject({
      status: 'fixed',
      patch: 'patch to good',
      baseline: { passed: 3, failed: 2, flaky: 0, total: 5 },
      after: { passed: 5, failed: 0, total: 5 },
      candidatesTried: 2,
      winner: { provider: 'scripted', operator: 'scripted-operator', rank: 2 },
    });
    expect(outcome.stages.map(({ stage }) => stage)).toEqual(['analyze', 'hypothesize', 'implement', 'improve']);
    expect(world.closed).toBe(1);
  });

  it('counts flaky tests neither before nor after', async () => {
    world.baseline = { ...world.baseline, flaky: ['f1', 'f2'] };
    world.natures = { good: PASSES };
    world.answers = [['good']];
    const { baseline, after } = await fix(world.run(), world.ports(), world.request());
    expect(baseline).toEqual({ passed: 3, failed: 2, flaky: 2, total: 5 });
    expect(after!.total).toBe(baseline.total);
  });

  it('records only events of the catalogue', async () => {
    world.natures = { good: PASSES };
    world.answers = [['bad', 'good']];
    await fix(world.run(), world.ports(), world.request());
    expect(world.events.map((event) => checkedEvent(event).type)).toEqual(
      expect.arrayContaining(['baseline_observed', 'consult_asked', 'selection_made', 'workflow_finished']),
    );
  });

  it('asks nobody when nothing fails', async () => {
    world.baseline = { ...world.baseline, failing: [] };
    expect(await fix(world.run(), world.ports(), world.request())).toMatchObject({
      status: 'already_passing',
      patch: null,
    });
    expect(world.briefs).toEqual([]);
  });

  it('says that none was found, and where it would look', async () => {
    world.answers = [['bad', 'worse']];
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(outcome).toMatchObject({ status: 'not_fixed', patch: null, winner: null, after: null, candidatesTried: 2 });
    expect(outcome.hypotheses).toEqual([
      {
        id: 'h1',
        claim: 'the fault is at a.js:2 (both failing tests run it)',
        verification_test: 't1',
        confidence: 0.5,
      },
    ]);
    expect(world.closed).toBe(1);
  });

  it('never hands over what only the screener passed', async () => {
    world.natures = { lucky: { ...PASSES, verified: false } };
    world.answers = [['lucky']];
    expect(await fix(world.run(), world.ports(), world.request())).toMatchObject({ status: 'not_fixed', patch: null });
  });

  it('takes the next in order when the command refuses the first', async () => {
    world.natures = { lucky: { ...PASSES, verified: false }, good: PASSES };
    world.answers = [['lucky', 'good']];
    expect(await fix(world.run(), world.ports(), world.request())).toMatchObject({
      status: 'fixed',
      winner: { rank: 2 },
    });
  });

  it('prefers, among those that pass, the behaviour that most share', async () => {
    world.natures = {
      odd: { ...PASSES, behaviour: ['1', '9'] },
      usual: { ...PASSES, behaviour: ['1', '2'] },
      alike: { ...PASSES, behaviour: ['1', '2'] },
    };
    world.answers = [['odd', 'usual', 'alike']];
    expect(await fix(world.run(), world.ports(), world.request())).toMatchObject({ winner: { rank: 2 } });
  });

  it('does not count texts that are no patch, and tries equal changes once', async () => {
    world.answers = [['rubbish', 'bad', 'bad']];
    expect((await fix(world.run(), world.ports(), world.request())).candidatesTried).toBe(1);
    expect(world.screened).toEqual(['bad']);
  });

  it('stops at the number of candidates it may try', async () => {
    world.answers = [Array.from({ length: 50 }, (_, index) => `bad ${index}`)];
    const { candidatesTried } = await fix(world.run(), world.ports(), world.request({ maxCandidates: 10 }));
    expect(candidatesTried).toBeGreaterThanOrEqual(10);
    expect(candidatesTried).toBeLessThan(20);
  });

  it('drops the hunks that the tests do not need', async () => {
    world.natures = { both: PASSES, small: PASSES };
    world.answers = [['both']];
    world.hunks = ([change]) =>
      change!.content === 'both' ? [[{ path: 'a.js', content: 'broken' }], [{ path: 'a.js', content: 'small' }]] : [];
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(outcome.patch).toBe('patch to small');
    expect(outcome.stages.at(-1)!.summary).toContain('1 hunk dropped');
  });
});

describe('debugging', () => {
  it('gives what nearly worked back to the advisors, worst first', async () => {
    world.natures = { half: partial(1), breaks: partial(1, 2), good: PASSES };
    world.answers = [['half', 'breaks', 'bad'], ['good']];
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(outcome.stages.map(({ stage }) => stage)).toEqual([
      'analyze',
      'hypothesize',
      'implement',
      'debug',
      'improve',
    ]);
    expect(world.briefs[1]!.attempts.map(({ change }) => change[0]!.content)).toEqual(['breaks', 'half']);
  });

  it('ends after the allowed iterations', async () => {
    world.answers = [['a'], ['b'], ['c'], ['d']];
    const outcome = await fix(world.run(), world.ports(), world.request({ maxIterations: 2 }));
    expect(outcome.stages.map(({ stage }) => stage)).toEqual(['analyze', 'hypothesize', 'implement', 'debug', 'debug']);
    expect(outcome).toMatchObject({ status: 'not_fixed', endedByBudget: false });
  });

  it('ends when the advisors have nothing new', async () => {
    world.answers = [['a']];
    await fix(world.run(), world.ports(), world.request());
    expect(world.briefs.map(({ iteration }) => iteration)).toEqual([1, 2]);
  });

  it('ends when the budget of consults is used up', async () => {
    world.consultsLeft = 2;
    world.answers = [['a'], ['b'], ['c']];
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(world.briefs.length).toBe(2);
    expect(outcome.stages.at(-1)!.summary).toBe('the budget of consults is used up');
    expect(outcome).toMatchObject({ status: 'not_fixed', endedByBudget: true });
    expect(outcome.why).toBe(
      'none of 2 candidates makes the failing tests pass; the budget ended it, not the search: no consult is left; limits.consults_per_workflow in maestro.config.jsonc says how many a run has',
    );
  });
});

describe('a run that is taken up again', () => {
  it('repeats no committed step and comes to the same end', async () => {
    world.natures = { good: PASSES };
    world.answers = [['bad', 'good']];
    const first = await fix(world.run(), world.ports(), world.request());
    const { executed, screened } = { executed: [...world.executed], screened: [...world.screened] };
    expect(await fix(world.run(), world.ports(), world.request())).toEqual(first);
    expect(world.executed).toEqual(executed);
    expect(world.screened).toEqual(screened);
  });

  it('goes on behind the candidates that were tried, wherever it was cut off', async () => {
    world.natures = { good: PASSES };
    world.answers = [['bad', 'good']];
    const whole = await fix(world.run(), world.ports(), world.request());
    const names = [...world.executed];
    for (let kept = 0; kept < names.length; kept++) {
      const again = new World();
      Object.assign(again, { natures: world.natures, answers: world.answers });
      for (const name of names.slice(0, kept)) again.steps.set(name, structuredClone(world.steps.get(name)));
      const outcome = await fix(again.run(), again.ports(), again.request());
      expect(outcome.patch).toBe(whole.patch);
      expect(again.executed).toEqual(names.slice(kept));
    }
  });

  it('counts the time spent before', async () => {
    world.answers = [['bad']];
    world.steps.set('analyze.baseline', { value: { baseline: world.baseline, failures: [] }, ms: 2e6 });
    const outcome = await fix(world.run(), world.ports(), world.request());
    expect(outcome.status).toBe('not_fixed');
    expect(world.briefs.length).toBeLessThanOrEqual(1);
  });
});

it('stops when it is cancelled', async () => {
  world.answers = [Array.from({ length: 100 }, (_, index) => `bad ${index}`)];
  const ports = world.ports();
  const cancelling = {
    ...ports,
    progress: () => world.screened.length >= 5 && world.controller.abort(new Error('stopped')),
  };
  await expect(fix(world.run(), cancelling, world.request())).rejects.toThrow('stopped');
  expect(world.closed).toBe(1);
});

it('commits nothing that a cancel cut off: a step after it is taken up again', async () => {
  world.natures = { good: PASSES };
  world.answers = [['bad', 'good']];
  const ports = world.ports();
  const verify = ports.verifier.verify.bind(ports.verifier);
  let verified = 0;
  const cancelling = async (...args: Parameters<typeof verify>) => {
    const seen = await verify(...args);
    if (++verified < 2) return seen;
    world.controller.abort(new Error('stopped'));
    return { ...seen, status: 'cancelled' as const };
  };
  await expect(
    fix(world.run(), { ...ports, verifier: { ...ports.verifier, verify: cancelling } }, world.request()),
  ).rejects.toThrow('stopped');
  const again = new World();
  Object.assign(again, { natures: world.natures, answers: world.answers });
  for (const [name, result] of world.steps) again.steps.set(name, result);
  expect(await fix(again.run(), again.ports(), again.request())).toMatchObject({
    status: 'fixed',
    winner: { rank: 2 },
  });
});
