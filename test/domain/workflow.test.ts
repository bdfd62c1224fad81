import { describe, expect, it } from 'vitest';
import { workflowView } from '../../src/domain/workflow.ts';
import { FAILED, type Fact, fact, ledgerOf, OUTPUTS, PASSED, viewOf } from './story.ts';

const { opened, entered, handed, left, through } = fact;

describe('a workflow', () => {
  it('is no workflow without an event', () => {
    expect(() => workflowView([])).toThrow('at least one event');
  });

  it('begins open, before the first stage, with the task it is for', () => {
    expect(viewOf(opened('mend it'))).toMatchObject({
      id: 'w1',
      workspace: '/project',
      task: 'mend it',
      status: 'open',
      stage: null,
      visit: 0,
      iteration: 0,
      left: false,
      history: [],
      outputs: {},
      testCommand: null,
      tests: null,
      openedAt: 1000,
    });
  });

  it('is in the stage last entered, and in its first round', () => {
    expect(viewOf(opened(), ...through('analyze'), entered('hypothesize'))).toMatchObject({
      stage: 'hypothesize',
      visit: 1,
      iteration: 1,
      left: false,
      history: [{ stage: 'analyze', visit: 1, outcome: 'done', summary: 'analyze done' }],
    });
  });

  it('keeps the newest output of each stage, and the test command of the selected hypothesis', () => {
    const again = { ...OUTPUTS.hypothesize, test_command: 'npm run unit' };
    const view = viewOf(
      opened(),
      ...through('analyze'),
      ...through('hypothesize'),
      entered('hypothesize', 2),
      handed('hypothesize', structuredClone(again) as never, { visit: 2 }),
    );
    expect(view.outputs).toEqual({ analyze: OUTPUTS.analyze, hypothesize: again });
    expect(view.testCommand).toBe('npm run unit');
  });

  it('counts a round with every output, and says which one a stage was left in', () => {
    const round = (iteration: number) => handed('debug', { iteration, test_result: FAILED }, { iteration });
    const facts = [opened(), entered('debug'), round(1), round(2)] as const;
    expect(viewOf(...facts)).toMatchObject({ iteration: 3, left: false });
    expect(viewOf(...facts).handedIn.map(({ iteration }) => iteration)).toEqual([1, 2]);
    expect(viewOf(...facts, round(3), left('debug'))).toMatchObject({ iteration: 3, left: true });
  });

  it('starts to count again when a stage is entered again', () => {
    const view = viewOf(opened(), entered('debug'), handed('debug'), entered('debug', 2));
    expect(view).toMatchObject({ visit: 2, iteration: 1, handedIn: [], visits: { debug: 2 }, hostTurns: null });
  });

  it('takes the highest count of host turns that was given in a visit, and none for none', () => {
    const round = (host_turns?: number) => handed('debug', {}, host_turns === undefined ? {} : { host_turns });
    expect(viewOf(opened(), entered('debug'), round()).hostTurns).toBeNull();
    expect(viewOf(opened(), entered('debug'), round(3), round(5), round()).hostTurns).toBe(5);
    expect(viewOf(opened(), entered('debug'), round(0)).hostTurns).toBe(0);
  });

  it('is handed over to a person, which its end as not fixed does not change, until a stage is entered again', () => {
    const facts = [
      opened(),
      entered('debug'),
      ['escalated', { stage: 'debug', visit: 1, summary: 'five tries' }],
      ['workflow_finished', { outcome: 'not_fixed', passed: false, basis: 'reported', ms: 1 }],
    ] as const;
    expect(viewOf(...facts)).toMatchObject({ status: 'escalated', summary: 'five tries' });
    expect(viewOf(...facts, entered('analyze'))).toMatchObject({ status: 'open', summary: null, stage: 'analyze' });
  });

  it('is finished when it says so', () => {
    const end = ['workflow_finished', { outcome: 'fixed', passed: true, basis: 'observed', ms: 1 }] as const;
    expect(viewOf(opened(), ...through('improve'), end).status).toBe('finished');
  });

  it.each(['fixed', 'abandoned'] as const)(
    'is finished by a person as %s after it was handed over to them',
    (outcome) => {
      const facts = [
        opened(),
        entered('debug'),
        ['escalated', { stage: 'debug', visit: 1, summary: 'five tries' }],
        ['workflow_finished', { outcome: 'not_fixed', passed: false, basis: 'reported', ms: 1 }],
        ['workflow_finished', { outcome, passed: null, basis: null, ms: 2 }],
      ] as const;
      expect(viewOf(...facts).status).toBe('finished');
    },
  );

  it('waits for nobody once it has ended', () => {
    const asked = ['approval_asked', { stage: 'analyze', visit: 1, iteration: 1 }] as const;
    const end = ['workflow_finished', { outcome: 'abandoned', passed: null, basis: null, ms: 1 }] as const;
    const view = viewOf(opened(), entered('analyze'), handed('analyze'), asked, end);
    expect(view).toMatchObject({ status: 'finished', pending: null });
  });

  it('was touched when anything last happened in it, also where the clock was set back since', () => {
    const [first, second] = ledgerOf(opened(), entered('analyze'));
    const at = (times: readonly [number, number]) =>
      workflowView([
        { ...first!, at: times[0] },
        { ...second!, at: times[1] },
      ]).touchedAt;
    expect([at([1_000, 5_000]), at([5_000, 1_000])]).toEqual([5_000, 5_000]);
  });
});

describe('an output that waits for a person', () => {
  const asked = ['approval_asked', { stage: 'analyze', visit: 1, iteration: 1 }] as const;
  const answered = (answer: 'yes' | 'no', reason?: string) =>
    [
      'approval_given',
      { stage: 'analyze', visit: 1, iteration: 1, by: 'terminal', answer, reason: reason ?? null },
    ] as const;
  const waiting = [opened(), entered('analyze'), handed('analyze'), asked] as const;

  it('does not count yet', () => {
    expect(viewOf(...waiting)).toMatchObject({
      status: 'awaiting_approval',
      outputs: {},
      handedIn: [],
      iteration: 1,
      pending: { stage: 'analyze', visit: 1, iteration: 1, output: OUTPUTS.analyze },
    });
  });

  it('counts after a yes', () => {
    expect(viewOf(...waiting, answered('yes'), left('analyze'))).toMatchObject({
      status: 'open',
      pending: null,
      objection: null,
      left: true,
      iteration: 1,
      outputs: { analyze: OUTPUTS.analyze },
    });
  });

  it('is gone after a no, whose reason is kept until the next output', () => {
    const view = viewOf(...waiting, answered('no', 'too vague'));
    expect(view).toMatchObject({ status: 'open', pending: null, objection: 'too vague', outputs: {}, iteration: 1 });
    expect(viewOf(...waiting, answered('no', 'too vague'), handed('analyze')).objection).toBeNull();
    expect(viewOf(...waiting, answered('no')).objection).toBe('no reason was given');
  });

  it('cannot be answered when nothing waits', () => {
    expect(viewOf(opened(), entered('analyze'), answered('yes'))).toMatchObject({ status: 'open', outputs: {} });
  });
});

describe('what is known of the tests', () => {
  const verified = (more: object = {}) =>
    [
      'candidate_verified',
      {
        candidate: 'c1',
        basis: 'observed',
        applies: true,
        status: 'passed',
        executed: 9,
        targets: 2,
        fixed: 2,
        broken: 0,
        ...more,
      },
    ] as never;
  const selected = (winner: string | null): Fact => [
    'selection_made',
    { mode: 'tests_first', ranking: [], winner, why: '' },
  ];
  const reported = (result: typeof PASSED | typeof FAILED) => ['tests_reported', result] as const;
  const inImplement = [opened(), entered('implement')] as const;

  it('is nothing before the first word', () => {
    expect(viewOf(...inImplement).tests).toBeNull();
  });

  it('is what the host said, as reported, in an output or beside it', () => {
    expect(viewOf(...inImplement, handed('implement')).tests).toEqual({ ...FAILED, basis: 'reported' });
    expect(viewOf(...inImplement, reported(PASSED)).tests).toEqual({ ...PASSED, basis: 'reported' });
  });

  it('is observed when a selection is won by a candidate that was seen to pass everything', () => {
    const view = viewOf(...inImplement, verified(), selected('c1'));
    expect(view.tests).toMatchObject({ status: 'passed', basis: 'observed' });
  });

  it.each([
    ['told by the host', { basis: 'reported' }],
    ['failing', { status: 'failed' }],
    ['without an executed test', { executed: 0 }],
    ['leaving a target failing', { fixed: 1 }],
    ['breaking another test', { broken: 1 }],
    ['that does not apply', { applies: false }],
  ])('is nothing seen when the winner was %s', (_, evidence) => {
    expect(viewOf(...inImplement, verified(evidence), selected('c1')).tests).toBeNull();
  });

  it('is nothing seen when nobody won, or somebody else', () => {
    expect(viewOf(...inImplement, verified(), selected(null)).tests).toBeNull();
    expect(viewOf(...inImplement, verified(), selected('c2')).tests).toBeNull();
    expect(viewOf(...inImplement, verified(), verified({ status: 'failed' }), selected('c1')).tests).toBeNull();
  });

  it('is observed from a tree in which nothing fails, and failing from one in which something does', () => {
    const baseline = (failing: number, passing: number, flaky = 0) =>
      ['baseline_observed', { format: 'tap', failing, passing, flaky, ms: 1 }] as const;
    expect(viewOf(opened(), baseline(0, 9)).tests).toMatchObject({ status: 'passed', basis: 'observed' });
    expect(viewOf(opened(), baseline(1, 8)).tests).toMatchObject({ status: 'failed', basis: 'observed' });
    expect(viewOf(opened(), baseline(0, 8, 1)).tests).toMatchObject({ status: 'failed' });
    expect(viewOf(opened(), baseline(0, 0)).tests).toBeNull();
  });

  it('says so where the command names no test, of a tree and of a winner', () => {
    const command = (failing: number) =>
      ['baseline_observed', { format: 'exit-status', failing, passing: 1 - failing, flaky: 0, ms: 1 }] as const;
    const alone = 'by its exit status alone: no test was recognised';
    expect(viewOf(opened(), command(0)).tests).toEqual({
      status: 'passed',
      basis: 'observed',
      summary: `the command ends with 0, ${alone}`,
    });
    expect(viewOf(opened(), command(1)).tests!.summary).toBe(`the command fails, ${alone}`);
    const { tests } = viewOf(...inImplement, command(1), verified(), selected('c1'));
    expect(tests!.summary).toBe(`candidate 'c1' ends with 0 in an isolated copy, ${alone}`);
  });

  it('stays observed while the host agrees in the same stage', () => {
    const view = viewOf(...inImplement, verified(), selected('c1'), reported(PASSED));
    expect(view.tests).toEqual({ ...PASSED, basis: 'observed' });
  });

  it('is only reported once the host disagreed, or went on to another stage', () => {
    const seen = [...inImplement, verified(), selected('c1')] as const;
    expect(viewOf(...seen, reported(FAILED), reported(PASSED)).tests?.basis).toBe('reported');
    expect(viewOf(...seen, entered('improve'), reported(PASSED)).tests?.basis).toBe('reported');
  });
});
