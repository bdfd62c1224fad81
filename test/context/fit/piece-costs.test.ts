import { describe, expect, it } from 'vitest';
import { pieceCosts } from '../../../src/context/fit/piece-costs.ts';
import type { Stretch } from '../../../src/context/fit/select.ts';
import { Source } from '../../../src/context/fit/source.ts';
import { TextLines } from '../../../src/context/fit/text-lines.ts';

const TEXT = 'one two\nthree\nfour five six\nseven';
const RANKED = { file: 0, path: 'a.py', belief: 1, signals: {} };

/** A token a word, and the texts that were counted. */
function counter() {
  const texts: string[] = [];
  const count = (text: string): number => {
    texts.push(text);
    return text.split(/\s+/).filter(Boolean).length;
  };
  return { texts, count };
}

const costs = (lines: TextLines, count: (text: string) => number) =>
  pieceCosts(new Map([[0, new Source(RANKED, lines.text, lines)]]), count);
const piece = (...parts: Stretch[]) => ({ file: 0, parts, characters: 0, value: 1 });

describe('the cost of a piece', () => {
  it('is the tokens of its lines, of all its parts together, and one for the line end', () => {
    const { texts, count } = counter();
    const cost = costs(new TextLines(TEXT), count);
    expect(cost(piece({ start: 1, end: 2 }))).toBe(4);
    expect(cost(piece({ start: 1, end: 1 }, { start: 3, end: 4 }))).toBe(7);
    expect(texts).toEqual(['one two\nthree', 'one two\nfour five six\nseven']);
  });

  it('is counted once for a file that stays as it is, in this pack and in the next', () => {
    const { texts, count } = counter();
    const lines = new TextLines(TEXT);
    for (let pack = 0; pack < 2; pack++) {
      const cost = costs(lines, count);
      for (let again = 0; again < 2; again++) expect(cost(piece({ start: 3, end: 3 }))).toBe(4);
    }
    expect(texts).toEqual(['four five six']);
  });

  it('is counted anew when the file was changed, and by another counter', () => {
    const { texts, count } = counter();
    const lines = new TextLines(TEXT);
    expect(costs(lines, count)(piece({ start: 2, end: 2 }))).toBe(2);
    expect(costs(new TextLines(TEXT.replace('three', 'three and more')), count)(piece({ start: 2, end: 2 }))).toBe(4);
    expect(costs(lines, ({ length }) => length)(piece({ start: 2, end: 2 }))).toBe(6);
    expect(costs(lines, count)(piece({ start: 2, end: 2 }))).toBe(2);
    expect(texts).toEqual(['three', 'three and more', 'three']);
  });

  it('tells pieces apart that begin or end alike', () => {
    const cost = costs(new TextLines(TEXT), counter().count);
    const all = [piece({ start: 1, end: 2 }), piece({ start: 1, end: 3 }), piece({ start: 2, end: 3 })];
    expect(all.map(cost)).toEqual([4, 7, 5]);
  });
});
