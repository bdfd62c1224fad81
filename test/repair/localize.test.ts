import { describe, expect, it } from 'vitest';
import type { TestCoverage, TestResult } from '../../src/domain/evidence.ts';
import { localize } from '../../src/repair/index.ts';

const SOURCES = [
  { path: 'src/a.py', text: 'one\ntwo\nthree\n\nfive\n' },
  { path: 'src/b.py', text: 'one\n' },
];

function covered(test: string, outcome: 'passed' | 'failed', lines: Record<string, number[]>): TestCoverage {
  return { test, outcome, lines };
}

function failed(message: string): TestResult {
  return { id: 't', outcome: 'failed', message };
}

describe('localisation with coverage', () => {
  it('ranks lines that only failing tests run first, by the formula of Ochiai', () => {
    const coverage = [
      covered('t1', 'failed', { 'src/a.py': [1, 2] }),
      covered('t2', 'failed', { 'src/a.py': [1, 2, 3] }),
      covered('t3', 'passed', { 'src/a.py': [1, 3] }),
      covered('t4', 'passed', { 'src/a.py': [1] }),
    ];
    const suspects = localize({ coverage, failures: [], sources: SOURCES });
    expect(suspects.map(({ line }) => line)).toEqual([2, 1, 3]);
    expect(suspects[0]!.score / suspects[1]!.score).toBeCloseTo(1 / (2 / Math.sqrt(2 * 4)));
    expect(suspects[0]!.why).toBe('executed by 2 of 2 failing and 0 passing tests');
  });

  it('leaves out lines that no failing test runs, skipped tests, and files that may not be edited', () => {
    const coverage = [
      covered('t1', 'failed', { 'src/a.py': [1], 'test/x.py': [9] }),
      covered('t2', 'passed', { 'src/a.py': [5] }),
      { test: 't3', outcome: 'skipped' as const, lines: { 'src/a.py': [3] } },
    ];
    const suspects = localize({ coverage, failures: [], sources: SOURCES });
    expect(suspects.map(({ path, line }) => `${path}:${line}`)).toEqual(['src/a.py:1']);
  });

  it('raises the line where the failure was raised above its equals', () => {
    const coverage = [covered('t1', 'failed', { 'src/a.py': [1, 2, 3] })];
    const failures = [failed('Traceback\n  File "/tmp/x/src/a.py", line 3, in f\n    three\nValueError: no')];
    const [first, second] = localize({ coverage, failures, sources: SOURCES });
    expect(first).toMatchObject({ line: 3, why: expect.stringContaining('stack') });
    expect(first!.score).toBeGreaterThan(second!.score);
    expect(first!.score).toBeLessThanOrEqual(1);
  });

  it('raises the innermost call most, by a quarter at the most, and each call outwards less', () => {
    const coverage = [covered('t1', 'failed', { 'src/a.py': [1, 2, 3, 5] })];
    const frames = [1, 2, 3].map((line) => `  File "/w/src/a.py", line ${line}, in f`);
    const suspects = localize({ coverage, failures: [failed(`Traceback\n${frames.join('\n')}\nE`)], sources: SOURCES });
    const scores = suspects.map(({ line, score }) => [line, Number(score.toFixed(4))]);
    expect(scores).toEqual([
      [3, 1],
      [2, 0.875],
      [1, 0.8333],
      [5, 0.75],
    ]);
  });

  it('treats all lines alike when the failing tests were killed before they could tell', () => {
    const coverage = [covered('t1', 'failed', {}), covered('t2', 'passed', { 'src/a.py': [1] })];
    const suspects = localize({ coverage, failures: [], sources: SOURCES });
    expect(suspects.map(({ line }) => line)).toEqual([1, 2, 3, 5, 1]);
  });
});

describe('localisation without coverage', () => {
  it('takes the lines of a Python traceback and those beside them, the innermost call first', () => {
    const failures = [
      failed('Traceback\n  File "/w/src/b.py", line 1, in g\n    f()\n  File "/w/src/a.py", line 2, in f\n    two\nE'),
    ];
    const suspects = localize({ coverage: null, failures, sources: SOURCES });
    expect(suspects[0]).toMatchObject({ path: 'src/a.py', line: 2, score: 1 });
    const scores = suspects.filter(({ path }) => path === 'src/a.py').map(({ line, score }) => [line, score] as const);
    expect(Math.max(...scores.filter(([line]) => line !== 2).map(([, score]) => score))).toBeLessThan(1);
    expect(suspects.find(({ path }) => path === 'src/b.py')!.score).toBeLessThan(1);
  });

  it.each([
    ['a path', 'Error: x\n    at f (/w/lib/my file.js:2:5)\n    at Test.<anonymous> (/w/test/a.test.js:3:3)'],
    ['a URL', 'Error: x\n    at f (file:///w/lib/my%20file.js:2:5)'],
    ['no function', 'Error: x\n    at /w/lib/my file.js:2:5'],
  ])('reads V8 stacks: %s', (_, message) => {
    const sources = [{ path: 'lib/my file.js', text: 'a\nb\nc\n' }];
    const [first] = localize({ coverage: null, failures: [failed(message)], sources });
    expect(first).toMatchObject({ path: 'lib/my file.js', line: 2, score: 1 });
  });

  it('takes the longest matching path, and no path that only ends alike', () => {
    const sources = [
      { path: 'a.js', text: 'x\n' },
      { path: 'lib/a.js', text: 'x\n' },
    ];
    const failures = [failed('Error\n    at f (/w/lib/a.js:1:1)\n    at g (/w/aa.js:1:1)')];
    const suspects = localize({ coverage: null, failures, sources });
    expect(suspects[0]).toMatchObject({ path: 'lib/a.js', score: 1 });
    expect(suspects[1]).toMatchObject({ path: 'a.js', score: 0.2 });
  });

  it('gives every line of every file, blank ones left out, when nothing points anywhere', () => {
    const suspects = localize({ coverage: null, failures: [failed('assert 1 == 2')], sources: SOURCES });
    expect(suspects.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'src/a.py:1',
      'src/a.py:2',
      'src/a.py:3',
      'src/a.py:5',
      'src/b.py:1',
    ]);
  });

  it('is bounded for huge files', () => {
    const sources = [{ path: 'a.js', text: 'x();\n'.repeat(50_000) }];
    expect(localize({ coverage: null, failures: [], sources }).length).toBeLessThanOrEqual(4_000);
  });
});
