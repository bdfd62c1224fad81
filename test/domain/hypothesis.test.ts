import { describe, expect, it } from 'vitest';
import { readHypotheses } from '../../src/domain/hypothesis.ts';

const h1 = { id: 'h1', claim: 'pages() rounds down', verification_test: 'npm test', confidence: 0.6 };
const h2 = { ...h1, id: 'h2', claim: 'the size is a string', confidence: 0.2 };
const problem = (value: unknown): string => {
  const reading = readHypotheses(JSON.stringify(value));
  return reading.ok ? 'no problem' : reading.problem;
};

describe('the hypotheses in an answer', () => {
  it('keep the order in which they were given', () => {
    expect(readHypotheses(JSON.stringify({ hypotheses: [h1, h2] }))).toEqual({ ok: true, value: [h1, h2] });
  });

  it('may be a bare list', () => {
    expect(readHypotheses(`\`\`\`json\n${JSON.stringify([h1])}\n\`\`\``)).toEqual({ ok: true, value: [h1] });
  });

  it('may be without a test, which puts them last, not out', () => {
    const untested = { ...h1, verification_test: '' };
    expect(readHypotheses(JSON.stringify([untested]))).toEqual({ ok: true, value: [untested] });
  });

  it('are refused with the path of what is wrong, never repaired', () => {
    expect(problem({ hypotheses: [h1, { ...h2, confidence: 60 }] })).toMatch(/^hypotheses\[1\]\.confidence: /);
    expect(problem({ hypotheses: [{ ...h1, claim: ' ' }] })).toMatch(/^hypotheses\[0\]\.claim: /);
    expect(problem({ hypotheses: [] })).toMatch(/^hypotheses: /);
    expect(problem({ hypotheses: [h1, h1] })).toBe('hypotheses: two hypotheses have the same id');
    expect(problem({ hypotheses: [{ ...h1, confidence: '0.6' }] })).toMatch(/^hypotheses\[0\]\.confidence: /);
  });

  it('say nothing where there is no JSON', () => {
    expect(readHypotheses('Probably the cache.')).toEqual({ ok: false, problem: 'it holds no JSON object' });
  });
});
