import { describe, expect, it } from 'vitest';
import type { CheckRun } from '../../src/domain/evidence.ts';
import { newProblems } from '../../src/domain/lint.ts';

function run(output: string, exitCode: number | null = output.includes('error') ? 1 : 0): CheckRun {
  return {
    ...{ status: exitCode === 0 ? 'passed' : 'failed', exitCode, signal: null, format: 'exit-status', tests: null },
    ...{ output, outputTruncated: false, ms: 1 },
  };
}

const CLEAN = run('', 0);

describe('new lint problems', () => {
  it.each([
    ['tsc', "src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."],
    ['tsc, pretty', "src/a.ts:3:7 - error TS2322: Type 'string' is not assignable to type 'number'."],
    ['eslint', '/w/src/a.js\n  3:7  error  x is not defined  no-undef\n\n✖ 1 problem (1 error, 0 warnings)'],
    ['eslint, compact', 'src/a.js: line 3, col 7, Error - x is not defined. (no-undef)'],
    ['ruff', 'src/a.py:3:7: F821 Undefined name `x`\nFound 1 error.'],
    [
      'mypy',
      'src/a.py:3: error: Name "x" is not defined  [name-defined]\nFound 1 error in 1 file (checked 1 source file)',
    ],
    ['flake8', "./a.py:3:7: F821 undefined name 'x'"],
    ['gcc', 'a.c:3:7: warning: unused variable [-Wunused-variable]'],
  ])('of %s are counted once each', (_, output) => {
    expect(newProblems(CLEAN, run(output, 1))).toBe(1);
  });

  it('are none where the same ones stood before, on other lines now', () => {
    const before = run('a.ts(3,7): error TS1: bad\na.ts(9,1): error TS2: worse\nFound 2 errors in 1 file.', 1);
    const after = run('a.ts(5,7): error TS1: bad\na.ts(11,1): error TS2: worse\nFound 2 errors in 1 file.', 1);
    expect(newProblems(before, after)).toBe(0);
  });

  it('are told from old ones that read the same by how often they stand there', () => {
    const line = 'a.ts(3,7): error TS1: bad';
    expect(newProblems(run(line, 1), run(`${line}\n${line}\n${line}`, 1))).toBe(2);
    expect(newProblems(run(`${line}\n${line}`, 1), run(line, 1))).toBe(0);
  });

  it('do not count what only sums up, is coloured, or says that all is well', () => {
    expect(newProblems(CLEAN, run('Checked 12 files in 40ms. No fixes applied.\nAll checks passed!', 0))).toBe(0);
    expect(newProblems(CLEAN, run('\u001b[31ma.ts\u001b[0m:\u001b[33m3\u001b[0m:7 - error TS1: bad', 1))).toBe(1);
  });

  it('are one where the check fails now and no line tells why', () => {
    expect(newProblems(CLEAN, run('something is wrong', 1))).toBe(1);
    expect(newProblems(run('something is wrong', 1), run('something is wrong', 1))).toBe(0);
  });

  it('are not known where either check did not run', () => {
    const hung: CheckRun = { ...CLEAN, status: 'timed_out', exitCode: null };
    expect(newProblems(CLEAN, hung)).toBeNull();
    expect(newProblems(hung, CLEAN)).toBeNull();
    expect(newProblems(CLEAN, run('sh: eslint: not found', 127))).toBeNull();
  });
});
