import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportedResult, ReportedResults } from '../../src/domain/candidate.ts';
import { reportedEvidence } from '../../src/domain/reported-evidence.ts';
import { select } from '../../src/domain/selection.ts';

const baseline = { passed: ['p1', 'p2'], failed: ['t1', 't2'] };
const result = (
  id: string,
  passed: string[],
  failed: string[] = [],
  more: Partial<ReportedResult> = {},
): ReportedResult => ({
  id,
  passed,
  failed,
  ...more,
});
const evidenceOf = (report: ReportedResults) => Object.fromEntries(reportedEvidence(report));
const winnerOf = (report: ReportedResults) =>
  select([...reportedEvidence(report)].map(([id, evidence]) => ({ id, evidence }))).winner;

describe('reported results with a baseline', () => {
  it('say which targets are fixed and which tests are broken', () => {
    const { a } = evidenceOf({ baseline, results: [result('a', ['t1', 'p1'], ['t2', 'p2'])] });
    expect(a).toMatchObject({
      basis: 'reported',
      applies: true,
      executed: 4,
      targets: ['t1', 't2'],
      fixed: ['t1'],
      broken: ['p2'],
      status: null,
    });
  });

  it('name a winner when all targets pass and everything that passed still does', () => {
    expect(winnerOf({ baseline, results: [result('a', ['t1', 't2', 'p1', 'p2'])] })).toBe('a');
  });

  it('do not say that nothing broke when some test that passed before was not run', () => {
    const report = { baseline, results: [result('a', ['t1', 't2', 'p1'])] };
    expect(evidenceOf(report).a).toMatchObject({ broken: null, fixed: ['t1', 't2'] });
    expect(winnerOf(report)).toBeNull();
  });

  it('say what is broken as far as it is known', () => {
    const report = { baseline, results: [result('a', ['t1', 't2'], ['p1'])] };
    expect(evidenceOf(report).a!.broken).toEqual(['p1']);
  });

  it('are not spoilt by a new test that fails', () => {
    expect(winnerOf({ baseline, results: [result('a', ['t1', 't2', 'p1', 'p2'], ['new'])] })).toBe('a');
  });
});

describe('reported results without a baseline', () => {
  it('ask of a winner that it passes every test that any result names', () => {
    expect(winnerOf({ results: [result('a', ['t1']), result('b', ['t1', 't2'])] })).toBe('b');
    expect(winnerOf({ results: [result('a', ['t1']), result('b', [], ['t1', 't2'])] })).toBeNull();
  });

  it('do not claim to know what a failing candidate broke', () => {
    const { a, b } = evidenceOf({ results: [result('a', ['t1', 't2']), result('b', ['t1'], ['t2'])] });
    expect(a).toMatchObject({ broken: [] });
    expect(b).toMatchObject({ broken: null, fixed: ['t1'] });
  });
});

describe('a reported result', () => {
  it('without any test is no pass', () => {
    expect(evidenceOf({ results: [result('a', [])] }).a).toMatchObject({ applies: null, executed: 0 });
    expect(winnerOf({ results: [result('a', [])] })).toBeNull();
  });

  it('carries lint problems and behaviour, and leaves unknown what it does not say', () => {
    const { a, b } = evidenceOf({
      results: [result('a', ['t'], [], { lint_problems: 2, behaviour: ['1', '2'] }), result('b', ['t'])],
    });
    expect(a).toMatchObject({ newLintProblems: 2, behaviour: '["1","2"]' });
    expect(b).toMatchObject({ newLintProblems: null, behaviour: null });
  });

  it('of a candidate that does not apply never wins', () => {
    expect(winnerOf({ results: [result('a', ['t'], [], { applies: false })] })).toBeNull();
  });

  it('with a failing target or a broken test never wins, whatever the rest', () => {
    const tests = ['t1', 't2', 'p1', 'p2'];
    const anyResult = fc
      .subarray(tests)
      .chain((run) =>
        fc.subarray(run).map((passed) => ({ passed, failed: run.filter((test) => !passed.includes(test)) })),
      );
    fc.assert(
      fc.property(fc.array(anyResult, { maxLength: 5 }), fc.boolean(), (list, known) => {
        const entries = list.map((one, index) => ({ id: `${index}`, ...one }));
        const winner = winnerOf({ ...(known ? { baseline } : {}), results: entries });
        const won = entries.find(({ id }) => id === winner);
        expect(won?.failed ?? []).toEqual([]);
        if (won && known) expect(won.passed.toSorted()).toEqual(tests.toSorted());
      }),
    );
  });
});
