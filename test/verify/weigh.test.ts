import { describe, expect, it } from 'vitest';
import { type Baseline, type CheckRun, type Outcome, WHOLE_SUITE } from '../../src/domain/evidence.ts';
import { notRun, weigh } from '../../src/verify/weigh.ts';

const baseline = (lists: Partial<Baseline>): Baseline => ({
  format: 'tap',
  failing: [],
  passing: [],
  flaky: [],
  runs: [],
  ms: 1,
  ...lists,
});
const BASE = baseline({ failing: ['t1', 't2'], passing: ['p1', 'p2'], flaky: ['f'] });

function ran(outcomes: Readonly<Record<string, Outcome>> | null, more: Partial<CheckRun> = {}): CheckRun {
  const tests = outcomes && Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome }));
  const bad = tests === null || tests.some(({ outcome }) => outcome === 'failed');
  return {
    status: bad ? 'failed' : 'passed',
    exitCode: bad ? 1 : 0,
    signal: null,
    format: 'tap',
    tests,
    output: '',
    outputTruncated: false,
    ms: 5,
    ...more,
  };
}

describe('evidence from a run of everything', () => {
  it('is a pass when all targets pass and nothing else changes', () => {
    const seen = weigh(ran({ t1: 'passed', t2: 'passed', p1: 'passed', p2: 'passed' }), BASE, 'everything');
    expect(seen).toMatchObject({
      basis: 'observed',
      applies: true,
      status: 'passed',
      executed: 4,
      broken: [],
      fixed: ['t1', 't2'],
      targets: ['t1', 't2'],
      counts: { passed: 4, failed: 0, total: 4 },
      failures: [],
    });
  });

  it('counts what it fixes and what still fails', () => {
    const seen = weigh(ran({ t1: 'passed', t2: 'failed', p1: 'passed', p2: 'passed' }), BASE, 'everything');
    expect([seen.status, seen.fixed, seen.counts, seen.failures.map(({ id }) => id)]).toEqual([
      'failed',
      ['t1'],
      { passed: 3, failed: 1, total: 4 },
      ['t2'],
    ]);
  });

  it.each<[string, Readonly<Record<string, Outcome>>, string[]]>([
    ['fails now', { p1: 'failed', p2: 'passed' }, ['p1']],
    ['is skipped now', { p1: 'skipped', p2: 'passed' }, ['p1']],
    ['is not there any more', { p2: 'passed' }, ['p1']],
    ['is new and fails', { p1: 'passed', p2: 'passed', 'x.js::(file)': 'failed' }, ['x.js::(file)']],
  ])('counts as broken a test that %s, also when the command says all is well', (_what, outcomes, broken) => {
    const seen = weigh(ran({ t1: 'passed', t2: 'passed', ...outcomes }), BASE, 'everything');
    expect([seen.broken, seen.status]).toEqual([broken, 'failed']);
  });

  it('does not mind what flaky tests do', () => {
    const seen = weigh(
      ran({ t1: 'passed', t2: 'passed', p1: 'passed', p2: 'passed', f: 'failed' }),
      BASE,
      'everything',
    );
    expect([seen.status, seen.broken, seen.failures, seen.counts]).toEqual([
      'passed',
      [],
      [],
      { passed: 4, failed: 0, total: 4 },
    ]);
  });

  it('never passes without a test that was executed', () => {
    const none = baseline({});
    expect(weigh(ran({}, { status: 'not_started', problem: 'no tests' }), none, 'everything')).toMatchObject({
      status: 'not_started',
      executed: 0,
      problem: 'no tests',
    });
    expect(weigh(ran({ a: 'skipped' }), none, 'everything')).toMatchObject({ status: 'failed', executed: 0 });
  });

  it('takes a stand-in for tests that could not run as fixed once it is gone and others ran', () => {
    const broken = baseline({ failing: ['x.js::(file)'], passing: ['p1'] });
    expect(weigh(ran({ p1: 'passed', 'x.js::a': 'passed' }), broken, 'everything')).toMatchObject({
      status: 'passed',
      fixed: ['x.js::(file)'],
    });
    expect(weigh(ran({ p1: 'passed' }, { status: 'timed_out' }), broken, 'everything').fixed).toEqual([]);
    expect(weigh(ran({ p1: 'passed' }), broken, 'targets').fixed).toEqual([]);
  });

  it.each(['timed_out', 'cancelled', 'not_started'] as const)(
    'keeps the status %s and then counts nothing as fixed that was not seen to pass',
    (status) => {
      const seen = weigh(ran(null, { status }), BASE, 'everything');
      expect([seen.status, seen.fixed, seen.broken, seen.executed]).toEqual([status, [], ['p1', 'p2'], 0]);
    },
  );

  it('judges a command that names no tests by its status', () => {
    const whole = baseline({ failing: [WHOLE_SUITE] });
    expect(weigh(ran(null, { status: 'passed', exitCode: 0 }), whole, 'everything')).toMatchObject({
      status: 'passed',
      fixed: [WHOLE_SUITE],
      counts: { passed: 1, failed: 0, total: 1 },
      level: 'exit-status',
    });
    const failing = { status: 'failed', fixed: [], executed: 1, level: 'exit-status' };
    expect(weigh(ran(null), whole, 'everything')).toMatchObject(failing);
    expect(weigh(ran({ t1: 'passed' }), BASE, 'everything')).not.toHaveProperty('level');
    expect(weigh(ran(null, { status: 'not_started' }), whole, 'everything')).not.toHaveProperty('level');
  });
});

describe('evidence from a run of the targets alone', () => {
  it('says nothing of broken tests and has no counts', () => {
    expect(weigh(ran({ t1: 'failed', t2: 'passed' }), BASE, 'targets')).toMatchObject({
      status: 'failed',
      fixed: ['t2'],
      broken: null,
      counts: null,
      executed: 2,
    });
    expect(weigh(ran({ t1: 'passed', t2: 'passed' }), BASE, 'targets').status).toBe('passed');
  });
});

describe('evidence without a run', () => {
  it('says why, and observed nothing else', () => {
    const seen = notRun(BASE, { applies: false, problem: 'leads out', protectedFiles: [] });
    expect(seen).toMatchObject({
      applies: false,
      problem: 'leads out',
      executed: null,
      broken: null,
      fixed: null,
      status: null,
      ms: null,
      targets: ['t1', 't2'],
    });
  });
});
