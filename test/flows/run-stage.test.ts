import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/domain/metrics.ts';
import { nextStage } from '../../src/domain/next-step.ts';
import { STAGE_ORDER } from '../../src/domain/stage.ts';
import { FAILED, OUTPUTS, PASSED } from '../domain/story.ts';
import { Walk } from './stage-walk.ts';

const round = (iteration: number, test_result: object = FAILED) => ({ ...OUTPUTS.debug, iteration, test_result });

describe('opening a stage', () => {
  it('enters it and hands out its brief', async () => {
    const walk = new Walk();
    const { view, verdict } = await walk.ask('analyze');
    expect(verdict).toBeNull();
    expect(view).toMatchObject({ stage: 'analyze', visit: 1, iteration: 1, left: false });
    expect(walk.types).toEqual(['workflow_opened', 'stage_entered']);
  });

  it('again changes nothing', async () => {
    const walk = new Walk();
    await walk.ask('analyze');
    expect((await walk.ask('analyze')).verdict).toBeNull();
    expect(walk.types).toEqual(['workflow_opened', 'stage_entered']);
  });

  it.each(['hypothesize', 'implement', 'debug', 'improve'] as const)(
    'is refused for %s at the beginning',
    async (stage) => {
      const walk = new Walk();
      const { verdict } = await walk.ask(stage, { tests: stage === 'debug' ? FAILED : PASSED });
      expect(verdict).toMatchObject({ status: 'gate_closed', stage, next: 'open "analyze" first.' });
      expect(verdict?.problems[0]).toMatchObject({ path: 'stage', message: expect.stringMatching(/^order: /) });
      expect(walk.view.stage).toBeNull();
      expect(walk.types).toContain('gate_refused');
    },
  );

  it('is refused while the one before is not handed in', async () => {
    const walk = new Walk();
    await walk.ask('analyze');
    const { verdict } = await walk.ask('hypothesize');
    expect(verdict).toMatchObject({ status: 'gate_closed', next: 'hand in the output of "analyze" first.' });
    expect(verdict?.problems[0]?.message).toBe("stage_open: 'analyze' is not done");
  });

  it.each([
    ['debug', 'hypothesize'],
    ['improve', 'hypothesize'],
    ['implement', 'analyze'],
  ] as const)('does not skip: %s does not follow %s', async (to, from) => {
    const walk = await new Walk().upTo('hypothesize');
    if (from === 'hypothesize') await walk.through('hypothesize');
    const { verdict } = await walk.ask(to, { tests: to === 'debug' ? FAILED : PASSED });
    expect(verdict).toMatchObject({ status: 'gate_closed', problems: [{ message: expect.stringMatching(/^order/) }] });
  });
});

describe('handing in an output', () => {
  it('is accepted, leaves the stage and names the next', async () => {
    const walk = new Walk();
    const { verdict } = await walk.through('analyze', OUTPUTS.analyze, { hostTurns: 4 });
    expect(verdict).toEqual({
      status: 'accepted',
      workflow_id: 'w1',
      stage: 'analyze',
      visit: 1,
      iteration: 1,
      problems: [],
      tests_basis: null,
      next_stage: 'hypothesize',
      summary: null,
      next: 'Open the next stage: maestro_run_stage(workflow_id: "w1", stage: "hypothesize").',
    });
    expect(walk.events.at(-1)).toMatchObject({
      type: 'stage_left',
      payload: { outcome: 'done', host_turns: 4, basis: 'reported', summary: 'the last page is empty', ms: 1000 },
    });
  });

  it('opens the stage where that is the next one', async () => {
    const walk = new Walk();
    expect((await walk.ask('analyze', { output: OUTPUTS.analyze })).verdict?.status).toBe('accepted');
    expect((await walk.ask('hypothesize', { output: OUTPUTS.hypothesize })).verdict?.status).toBe('accepted');
    expect((await walk.ask('improve', { output: OUTPUTS.improve, tests: PASSED })).verdict?.status).toBe('gate_closed');
  });

  it('is rejected with every problem by its path, and nothing is recorded', async () => {
    const walk = await new Walk().upTo('hypothesize');
    await walk.ask('hypothesize');
    const before = walk.events.length;
    const output = {
      hypotheses: [OUTPUTS.hypothesize.hypotheses[0], { id: 'h2', claim: '', verification_test: 't', confidence: 7 }],
      selected: 'h9',
      mood: 'good',
    };
    const { verdict } = await walk.ask('hypothesize', { output });
    expect(verdict).toMatchObject({ status: 'rejected', stage: 'hypothesize', next_stage: 'hypothesize' });
    expect(verdict?.problems.map(({ path }) => path).sort()).toEqual([
      'hypotheses[1].claim',
      'hypotheses[1].confidence',
      'mood',
      'selected',
      'test_command',
    ]);
    expect(walk.events).toHaveLength(before);
  });

  it.each([
    ['nothing', null],
    ['a text', 'done'],
    ['a list', []],
    ['a number', 3],
  ])('is rejected when it is %s', async (_, output) => {
    const walk = new Walk();
    await walk.ask('analyze');
    const { verdict } = await walk.ask('analyze', { output });
    expect(verdict).toMatchObject({ status: 'rejected', problems: [{ path: '' }] });
  });

  it('is rejected when it is longer than is kept', async () => {
    const walk = new Walk();
    await walk.ask('analyze');
    const { verdict } = await walk.ask('analyze', {
      output: { ...OUTPUTS.analyze, observations: ['x'.repeat(32_000)] },
    });
    expect(verdict?.problems[0]?.message).toMatch(/^has \d+ characters of JSON, at most 32000 are taken$/);
  });

  it('made again is the same call: the same answer, counted once', async () => {
    const walk = new Walk();
    const first = await walk.through('analyze');
    const before = walk.events.length;
    const reordered = Object.fromEntries(Object.entries(OUTPUTS.analyze).reverse());
    expect((await walk.ask('analyze', { output: reordered })).verdict).toEqual(first.verdict);
    await walk.ask('hypothesize');
    expect((await walk.ask('analyze', { output: OUTPUTS.analyze })).verdict).toMatchObject({
      status: 'accepted',
      iteration: 1,
    });
    expect(walk.events).toHaveLength(before + 1);
  });

  it('of a stage that is left with something else is refused: it has to be opened first', async () => {
    const walk = new Walk();
    await walk.through('analyze');
    const { verdict } = await walk.ask('analyze', { output: { ...OUTPUTS.analyze, invariants: [] } });
    expect(verdict).toMatchObject({
      status: 'gate_closed',
      problems: [{ message: expect.stringMatching(/^not_open/) }],
    });
    expect(walk.view.outputs.analyze).toEqual(OUTPUTS.analyze);
  });
});

describe('the tests', () => {
  it('that fail after a change lead to debug', async () => {
    const walk = await new Walk().upTo('implement');
    const { verdict } = await walk.through('implement');
    expect(verdict).toMatchObject({ status: 'accepted', tests_basis: 'reported', next_stage: 'debug' });
    expect((await walk.ask('improve')).verdict).toMatchObject({ status: 'gate_closed', stage: 'improve' });
    expect((await walk.ask('debug')).verdict).toBeNull();
  });

  it('that pass lead to improve, and debug is closed', async () => {
    const walk = await new Walk().upTo('tested', PASSED);
    expect((await walk.ask('debug')).verdict?.problems[0]?.message).toBe(
      "needs_failing_tests: 'debug' is for tests that fail; they pass (reported: 12 passed)",
    );
    expect((await walk.ask('improve')).verdict).toBeNull();
  });

  it('that were not run lead nowhere until somebody says what they say', async () => {
    const walk = await new Walk().upTo('tested', { status: 'not_run', summary: 'no runner here' });
    expect((await walk.ask('improve')).verdict).toMatchObject({ status: 'gate_closed', next_stage: null });
    expect((await walk.ask('debug')).verdict?.status).toBe('gate_closed');
    expect((await walk.ask('debug', { tests: FAILED })).verdict).toBeNull();
  });

  it('must not be one thing in the output and another beside it', async () => {
    const walk = await new Walk().upTo('implement');
    const { verdict } = await walk.through('implement', OUTPUTS.implement, { tests: PASSED });
    expect(verdict?.problems).toEqual([
      { path: 'test_result.status', message: "is 'failed' in the output and 'passed' beside it" },
    ]);
  });

  it('are observed where Maestro saw the winner of a selection pass', async () => {
    const walk = await new Walk().upTo('implement');
    await walk.ask('implement');
    const evidence = {
      basis: 'observed',
      applies: true,
      status: 'passed',
      executed: 9,
      targets: 1,
      fixed: 1,
      broken: 0,
    };
    walk.add('candidate_verified', { candidate: 'c1', ...evidence });
    walk.add('selection_made', { mode: 'tests_first', ranking: [], winner: 'c1', why: '' });
    const { verdict } = await walk.ask('implement', { output: { ...OUTPUTS.implement, test_result: PASSED } });
    expect(verdict).toMatchObject({ tests_basis: 'observed', next_stage: 'improve' });
    expect((await walk.ask('improve')).view.tests?.basis).toBe('observed');
  });
});

describe('debugging', () => {
  it('goes round by round, and says which one comes next', async () => {
    const walk = await new Walk().upTo('tested');
    const first = await walk.through('debug', round(1));
    expect(first.verdict).toMatchObject({ status: 'accepted', iteration: 1, next_stage: 'debug' });
    expect(first.verdict?.next).toContain('of iteration 2');
    expect(first.view).toMatchObject({ iteration: 2, left: false });
  });

  it('counts a round once when it is handed in twice, and refuses another one of the same number', async () => {
    const walk = await new Walk().upTo('tested');
    const first = await walk.through('debug', round(1));
    const again = await walk.ask('debug', { output: round(1) });
    expect(again.verdict).toEqual(first.verdict);
    const other = await walk.ask('debug', { output: { ...round(1), error: 'another' } });
    expect(other.verdict).toMatchObject({
      status: 'rejected',
      iteration: 2,
      problems: [{ path: 'iteration', message: 'is 1, but this is iteration 2' }],
    });
    expect(walk.view.handedIn).toHaveLength(1);
  });

  it('ends when the tests pass', async () => {
    const walk = await new Walk().upTo('tested');
    await walk.through('debug', round(1));
    const { verdict, view } = await walk.ask('debug', { output: round(2, PASSED) });
    expect(verdict).toMatchObject({ status: 'accepted', iteration: 2, next_stage: 'improve', tests_basis: 'reported' });
    expect(view.history.at(-1)).toMatchObject({ stage: 'debug', outcome: 'done' });
  });

  it('is handed over to a person after five rounds, with what was tried', async () => {
    const walk = await new Walk().upTo('tested');
    await walk.ask('debug');
    for (const n of [1, 2, 3, 4])
      expect((await walk.ask('debug', { output: round(n) })).verdict?.status).toBe('accepted');
    const { verdict, view } = await walk.ask('debug', { output: round(5), hostTurns: 11 });
    expect(verdict).toMatchObject({ status: 'escalated', iteration: 5, next_stage: null });
    expect(verdict?.next).toMatch(/^Stop and show the summary to a person\./);
    expect(verdict?.summary).toContain('Task: mend the pages');
    expect(verdict?.summary).toContain('Selected hypothesis: off by one in page()');
    for (const n of [1, 2, 3, 4, 5]) expect(verdict?.summary).toContain(`Iteration ${n}: src/page.js: round up`);
    expect(view.status).toBe('escalated');
    expect(walk.events.filter(({ type }) => type === 'workflow_finished')).toMatchObject([
      { payload: { outcome: 'not_fixed', passed: false, basis: 'reported' } },
    ]);
    expect((await walk.ask('debug', { output: round(5) })).verdict).toMatchObject({
      status: 'escalated',
      iteration: 5,
    });
  });

  it('takes as many rounds as are configured', async () => {
    const walk = await new Walk({ limits: { debug_iterations: 2 } }).upTo('tested');
    await walk.through('debug', round(1));
    expect((await walk.ask('debug', { output: round(2) })).verdict?.status).toBe('escalated');
    const longer = await new Walk({ limits: { debug_iterations: 7 } }).upTo('tested');
    await longer.ask('debug');
    for (const n of [1, 2, 3, 4, 5, 6]) await longer.ask('debug', { output: round(n) });
    expect(longer.view).toMatchObject({ status: 'open', iteration: 7 });
  });

  it('that was handed over goes on only from the facts or the hypotheses', async () => {
    const walk = await new Walk({ limits: { debug_iterations: 1 } }).upTo('tested');
    await walk.through('debug', round(1));
    for (const stage of ['debug', 'implement', 'improve'] as const)
      expect((await walk.ask(stage, { tests: stage === 'debug' ? FAILED : PASSED })).verdict?.status).toBe(
        'gate_closed',
      );
    expect((await walk.ask('hypothesize')).view).toMatchObject({ status: 'open', stage: 'hypothesize', visit: 2 });
  });
});

describe('going back', () => {
  it('is a new visit, and the stage that was open is recorded as given up with the turns it took', async () => {
    const walk = await new Walk().upTo('tested');
    await walk.through('debug', round(1));
    const { view, verdict } = await walk.ask('hypothesize', { hostTurns: 7 });
    expect(verdict).toBeNull();
    expect(view).toMatchObject({ stage: 'hypothesize', visit: 2, iteration: 1 });
    expect(view.history.at(-1)).toEqual({
      stage: 'debug',
      visit: 1,
      outcome: 'gave_up',
      summary: "went back to 'hypothesize'",
    });
    expect(walk.events.findLast(({ type }) => type === 'stage_left')?.payload).toMatchObject({ host_turns: 7 });
  });

  it.each([
    ['implement', 'analyze'],
    ['debug', 'analyze'],
    ['debug', 'implement'],
  ] as const)('is open from %s to %s', async (from, to) => {
    const walk = await new Walk().upTo(from === 'debug' ? 'tested' : 'implement');
    await walk.ask(from);
    expect((await walk.ask(to)).view).toMatchObject({ stage: to });
  });

  it('goes through every stage again from there', async () => {
    const walk = await new Walk().upTo('tested');
    await walk.ask('debug');
    await walk.through('analyze', { ...OUTPUTS.analyze, invariants: [] });
    expect((await walk.ask('implement')).verdict?.status).toBe('gate_closed');
    expect(
      (await walk.through('hypothesize', { ...OUTPUTS.hypothesize, test_command: 'npm run unit' })).verdict,
    ).toMatchObject({
      status: 'accepted',
      visit: 2,
    });
    expect(walk.view.testCommand).toBe('npm run unit');
  });

  it('from improve to debug is open when a test fails', async () => {
    const walk = await new Walk().upTo('tested', PASSED);
    await walk.ask('improve');
    expect((await walk.ask('debug')).verdict?.status).toBe('gate_closed');
    expect((await walk.ask('debug', { tests: FAILED })).view).toMatchObject({ stage: 'debug', visit: 1 });
  });
});

describe('the end', () => {
  const improving = async (): Promise<Walk> => {
    const walk = await new Walk().upTo('tested', PASSED);
    await walk.ask('improve');
    return walk;
  };

  it('is reached when improve is handed in and all tests pass', async () => {
    const walk = await improving();
    const { verdict } = await walk.ask('improve', { output: OUTPUTS.improve, tests: PASSED });
    expect(verdict).toMatchObject({ status: 'finished', tests_basis: 'reported', next_stage: null });
    expect(walk.events.at(-1)).toMatchObject({
      type: 'workflow_finished',
      payload: { outcome: 'fixed', passed: true, basis: 'reported' },
    });
    expect((await walk.ask('improve', { output: OUTPUTS.improve })).verdict).toEqual(verdict);
    expect((await walk.ask('analyze')).verdict).toMatchObject({ status: 'gate_closed' });
  });

  it('needs a word on the tests after the last change', async () => {
    const walk = await improving();
    const silent = await walk.ask('improve', { output: OUTPUTS.improve });
    expect(silent.verdict).toMatchObject({ status: 'rejected', problems: [{ path: 'test_result' }] });
    const failing = await walk.ask('improve', { output: OUTPUTS.improve, tests: FAILED });
    expect(failing.verdict).toMatchObject({ status: 'gate_closed' });
    expect(walk.view).toMatchObject({ stage: 'improve', status: 'open', tests: { status: 'failed' } });
  });

  it('is observed where Maestro saw the tests pass in improve', async () => {
    const walk = await improving();
    walk.add('baseline_observed', { format: 'tap', failing: 0, passing: 12, flaky: 0, ms: 9 });
    const { verdict } = await walk.ask('improve', { output: OUTPUTS.improve });
    expect(verdict).toMatchObject({ status: 'finished', tests_basis: 'observed' });
  });

  it('gives the metrics: efficiency from the turns that were told in every stage', async () => {
    const walk = new Walk();
    for (const stage of ['analyze', 'hypothesize'] as const)
      await walk.through(stage, OUTPUTS[stage], { hostTurns: 2 });
    await walk.through('implement', { ...OUTPUTS.implement, test_result: PASSED }, { hostTurns: 3 });
    walk.add('consult_answered', { consult: 'c', provider: 'codex', purpose: 'advice', ms: 1, truncated: false });
    await walk.through('improve', OUTPUTS.improve, { hostTurns: 1, tests: PASSED });
    expect(metricsOf(walk.tally).efficiency).toMatchObject({ value: 1 / (1 + 1 / 8), basis: 'reported', met: true });
  });

  it('gives no efficiency when the turns of one stage are not known', async () => {
    const walk = new Walk();
    await walk.through('analyze', OUTPUTS.analyze, { hostTurns: 2 });
    await walk.through('hypothesize');
    expect(metricsOf(walk.tally).efficiency.value).toBeNull();
  });
});

describe('with a person in the loop', () => {
  const waiting = async (): Promise<Walk> => {
    const walk = new Walk({ approval: 'stage' });
    await walk.through('analyze');
    return walk;
  };

  it('an output waits for a yes, whatever the host does', async () => {
    const walk = await waiting();
    const before = walk.events.length;
    for (const ask of [{}, { output: OUTPUTS.analyze }, { output: { ...OUTPUTS.analyze, invariants: [] } }])
      expect((await walk.ask('analyze', ask)).verdict).toMatchObject({ status: 'awaiting_approval', next_stage: null });
    expect((await walk.ask('hypothesize')).verdict).toMatchObject({ status: 'awaiting_approval' });
    expect((await walk.ask('hypothesize')).verdict?.next).toContain('maestro approve w1');
    expect(walk.events).toHaveLength(before);
  });

  it('goes on after a yes', async () => {
    const walk = await waiting();
    const { verdict } = await walk.approve('yes');
    expect(verdict).toMatchObject({ status: 'accepted', next_stage: 'hypothesize' });
    expect(walk.types.slice(-3)).toEqual(['approval_asked', 'approval_given', 'stage_left']);
    expect((await walk.ask('hypothesize')).verdict).toBeNull();
  });

  it('goes back to the host after a no, with the reason', async () => {
    const walk = await waiting();
    const { verdict } = await walk.approve('no', 'too vague');
    expect(verdict).toMatchObject({ status: 'rejected', problems: [{ path: '', message: 'too vague' }] });
    expect(verdict?.next).toContain('A person said no to what was handed in: too vague.');
    expect((await walk.ask('analyze', { output: OUTPUTS.analyze })).verdict?.status).toBe('awaiting_approval');
  });

  it('is asked for a stage, not for each round of debugging', async () => {
    const walk = new Walk({ approval: 'stage' });
    for (const stage of ['analyze', 'hypothesize', 'implement'] as const) {
      await walk.through(stage);
      await walk.approve('yes');
    }
    expect((await walk.through('debug', round(1))).verdict?.status).toBe('accepted');
    expect((await walk.ask('debug', { output: round(2, PASSED) })).verdict?.status).toBe('awaiting_approval');
    await walk.approve('yes');
    await walk.through('improve', OUTPUTS.improve, { tests: PASSED });
    expect((await walk.approve('yes')).verdict?.status).toBe('finished');
  });

  it('cannot be answered when nothing waits', async () => {
    await expect(new Walk().approve('yes')).rejects.toThrow('does not wait for anyone');
  });
});

describe('any order of calls', () => {
  const tests = fc.constantFrom(null, PASSED, FAILED);
  const call = fc.record({
    stage: fc.constantFrom(...STAGE_ORDER),
    isOutput: fc.boolean(),
    isNext: fc.constantFrom(true, true, true, false),
    result: fc.constantFrom(PASSED, PASSED, FAILED),
    tests,
  });

  it('never leads to improve without passing tests, nor to implement without a hypothesis', async () => {
    let finished = 0;
    const property = fc.asyncProperty(fc.array(call, { minLength: 15, maxLength: 40 }), async (calls) => {
      const walk = new Walk();
      for (const { stage, isOutput, isNext, result, tests } of calls) {
        const before = walk.view;
        const to = isNext ? (nextStage(before) ?? stage) : stage;
        const output = to === 'debug' ? round(before.iteration, result) : structuredClone(OUTPUTS[to]);
        const { view } = await walk.ask(to, isOutput ? { output, tests } : { tests });
        if (view.visits.improve !== before.visits.improve && !isOutput) expect(view.tests?.status).toBe('passed');
        if (view.visits.implement) expect(view.testCommand).toBe('npm test');
        if (view.status !== 'finished') continue;
        finished += 1;
        expect(view.tests?.status).toBe('passed');
      }
    });
    await fc.assert(property, { numRuns: 200 });
    expect(finished).toBeGreaterThan(0);
  });
});
