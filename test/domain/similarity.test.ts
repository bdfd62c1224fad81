import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexicalSimilarity } from '../../src/domain/similarity.ts';

describe('lexical similarity', () => {
  it('is not known below two texts', () => {
    expect(lexicalSimilarity([])).toBeNull();
    expect(lexicalSimilarity(['alone'])).toBeNull();
  });

  it('is 1 for the same words whatever their case and marks, 0 for no word in common', () => {
    expect(lexicalSimilarity(['The sign is wrong.', 'the SIGN: is wrong!'])).toBeCloseTo(1, 12);
    expect(lexicalSimilarity(['alpha beta', 'gamma delta'])).toBe(0);
  });

  it('is what the formula gives by hand', () => {
    // df: a 2, b 1, c 1; idf: a = ln(3/3)+1 = 1, b = c = ln(3/2)+1
    const rare = Math.log(3 / 2) + 1;
    expect(lexicalSimilarity(['a b', 'a c'])).toBeCloseTo(1 / (1 + rare * rare), 12);
  });

  it('is the mean over all pairs', () => {
    expect(lexicalSimilarity(['x', 'y', 'y'])).toBeCloseTo((0 + 0 + 1) / 3, 12);
  });

  it('counts a text without words as like no other', () => {
    expect(lexicalSimilarity(['', ''])).toBe(0);
    expect(lexicalSimilarity(['?!', 'word'])).toBe(0);
  });

  it('reads words of any script', () => {
    expect(lexicalSimilarity(['größe zählt', 'größe fehlt'])).toBeGreaterThan(0);
  });

  it('lies in 0..1 and does not depend on the order of the texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 6 }), (texts) => {
        const value = lexicalSimilarity(texts)!;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(lexicalSimilarity(texts.toReversed())).toBeCloseTo(value, 9);
      }),
    );
  });

  it('takes a long text', () => {
    const long = Array.from({ length: 200_000 }, (_, n) => `w${n}`).join(' ');
    expect(lexicalSimilarity([long, long])).toBeCloseTo(1, 9);
  });
});
