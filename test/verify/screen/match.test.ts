import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../../src/domain/evidence.ts';
import { matchBaseline, type WarmTest } from '../../../src/verify/screen/match.ts';

const warm = (outcomes: Readonly<Record<string, WarmTest['outcome']>>): WarmTest[] =>
  Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome, cpu: 0, wall: 0 }));
const baseline = (failing: string[], passing: string[] = [], flaky: string[] = []): Baseline => ({
  ...{ format: 'x', failing, passing, flaky, runs: [], ms: 1 },
});
function matched(known: Baseline, outcomes: Readonly<Record<string, WarmTest['outcome']>>) {
  const result = matchBaseline(known, warm(outcomes));
  if (typeof result === 'string') return result;
  return { targets: result.targets.map(({ id }) => id), others: result.others.map(({ id }) => id) };
}

describe('matching the baseline', () => {
  it('pairs the same ids', () => {
    expect(matched(baseline(['a.js::x'], ['a.js::y']), { 'a.js::x': 'failed', 'a.js::y': 'passed' })).toEqual({
      targets: ['a.js::x'],
      others: ['a.js::y'],
    });
  });

  it('pairs by the names that ids end with, however much stands before', () => {
    expect(
      matched(baseline(['x > adds'], ['test_a.T.test_b']), {
        'deep/a.js::x > adds': 'failed',
        'pkg.test_a.T.test_b': 'passed',
      }),
    ).toEqual({
      targets: ['deep/a.js::x > adds'],
      others: ['pkg.test_a.T.test_b'],
    });
  });

  it('prefers the test whose names agree further, then the one that did the same', () => {
    expect(
      matched(baseline(['b.js::s > one'], ['a.js::s > one']), { 'a.js::s > one': 'passed', 'b.js::s > one': 'failed' }),
    ).toEqual({ targets: ['b.js::s > one'], others: ['a.js::s > one'] });
    expect(matched(baseline(['one'], ['one #2']), { 'a.js::one': 'passed', 'b.js::one': 'failed' })).toEqual(
      'one #2 was not found',
    );
    expect(matched(baseline(['one']), { 'a.js::one': 'passed', 'b.js::one': 'failed' })).toEqual({
      targets: ['b.js::one'],
      others: [],
    });
  });

  it('gives each of several tests of one name its own', () => {
    expect(
      matched(baseline(['a.js::one', 'a.js::one #2']), { 'a.js::one': 'failed', 'a.js::one #2': 'failed' }),
    ).toEqual({ targets: ['a.js::one', 'a.js::one #2'], others: [] });
  });

  it('takes a failing subtest as its test, and leaves its passing ones out', () => {
    expect(
      matched(baseline(['m.T.test_a', 'm.T.test_a (n=1)'], ['m.T.test_a [x] (n=2)']), { 'm.T.test_a': 'failed' }),
    ).toEqual({ targets: ['m.T.test_a'], others: [] });
  });

  it('reads over spaces and what stands for tests that could not run', () => {
    expect(
      matched(baseline(['a.js::one two', 'a.js::(file)', '(process exit)']), { 'a.js::one\n two ': 'failed' }),
    ).toEqual({ targets: ['a.js::one\n two '], others: [] });
  });

  it.each([
    ['a test is not there', baseline(['a::x']), { 'a::y': 'failed' }, 'a::x was not found'],
    ['a failing test passes', baseline(['a::x']), { 'a::x': 'passed' }, 'a::x failed before and is passed here'],
    [
      'a passing test fails',
      baseline(['a::x'], ['a::y']),
      { 'a::x': 'failed', 'a::y': 'failed' },
      'a::y passed before and is failed here',
    ],
    ['another test fails', baseline(['a::x']), { 'a::x': 'failed', 'a::z': 'failed' }, 'a::z fails here only'],
    [
      'no failing test has a name',
      baseline(['(process exit)'], ['a::x']),
      { 'a::x': 'passed' },
      'no failing test is known by name',
    ],
  ] as const)('says why it is not the same when %s', (_when, known, outcomes, why) => {
    expect(matched(known, outcomes)).toBe(why);
  });

  it('does not mind what flaky tests and unknown passing ones do', () => {
    expect(
      matched(baseline(['a::x'], [], ['a::f']), {
        'a::x': 'failed',
        'a::f': 'failed',
        'a::more': 'passed',
        'a::left': 'skipped',
      }),
    ).toEqual({ targets: ['a::x'], others: [] });
  });
});
