import { describe, expect, it } from 'vitest';
import { errorTexts, type FixQuestion, fixQuestion } from '../../src/flows/fix-question.ts';

const QUESTION: FixQuestion = {
  task: 'the last page is missing',
  command: ['npm', 'test'],
  failures: [{ id: 'last page', outcome: 'failed', message: 'expected 3, got 2' }],
  targets: 1,
  suspects: [{ path: 'src/pages.js', line: 3, score: 0.9, why: 'executed by the failing test' }],
  hypotheses: [{ id: 'one.h1', claim: 'it rounds down', verification_test: 'last page', confidence: 0.7 }],
  attempts: [],
  misfits: [],
  pack: 'const code = 1;',
};
const attempt = (patch: string, fixed = 0) => ({ patch, fixed, broken: 0, failures: QUESTION.failures });

describe('the question of a fix run', () => {
  it('says what is wrong, how it is tested, what fails, where, what others think, and shows the code', () => {
    const text = fixQuestion(QUESTION);
    for (const part of [
      'the last page is missing',
      '`npm test`',
      'expected 3, got 2',
      'src/pages.js:3',
      'it rounds down',
      'const code = 1;',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Earlier tries');
    expect(text).not.toContain('could not be applied');
  });

  it('begins with a heading: some programs take a leading slash for a command', () => {
    expect(fixQuestion({ ...QUESTION, task: '/help' })).toMatch(/^# Task\n\/help/);
    expect(fixQuestion({ ...QUESTION, task: null })).toMatch(/^# Task\nMake the failing tests pass/);
  });

  it('shows earlier tries in the order given, each with what it did to the tests', () => {
    const text = fixQuestion({ ...QUESTION, attempts: [attempt('worse'), attempt('better', 1)] });
    expect(text.indexOf('worse')).toBeLessThan(text.indexOf('better'));
    expect(text).toContain('fixes 0 of 1 failing tests, breaks 0');
    expect(text.split('With it, these tests fail:')).toHaveLength(3);
  });

  it('says why a patch could not be applied', () => {
    const misfits = [{ provider: 'one', problem: 'no file src/nowhere.js' }];
    expect(fixQuestion({ ...QUESTION, misfits })).toContain('- no file src/nowhere.js');
  });

  it('holds no secret, wherever it came from', () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const failures = [{ id: 't', outcome: 'failed' as const, message: secret }];
    const told = { ...QUESTION, task: secret, failures, attempts: [attempt(secret)], pack: secret };
    expect(fixQuestion(told)).not.toContain(secret);
  });

  it('stays of a readable size, however much failed, and says what it left out', () => {
    const failures = Array.from({ length: 500 }, (_, n) => ({
      ...{ id: `test ${n}`, outcome: 'failed' as const, message: 'x'.repeat(50_000) },
    }));
    const text = fixQuestion({ ...QUESTION, failures, attempts: [attempt('y'.repeat(100_000))] });
    expect(text.length).toBeLessThan(80_000);
    expect(text).toContain('(and 480 more)');
    expect(text).toContain('(cut: 48000 more characters)');
    expect(errorTexts(failures)).toHaveLength(20);
  });
});
