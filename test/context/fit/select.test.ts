import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill, merged, type Piece } from '../../../src/context/fit/select.ts';

const piece = (file: number, start: number, characters: number, value: number): Piece => ({
  file,
  parts: [{ start, end: start + 4 }],
  characters,
  value,
});
const cost = ({ characters }: Piece): number => Math.ceil(characters / 4);

describe('filling a budget', () => {
  it('takes the most valuable first, and a smaller one where a larger does not fit', () => {
    const [best, large, small] = [piece(1, 1, 400, 3), piece(2, 1, 4_000, 2), piece(3, 1, 200, 1)];
    expect(fill([small!, large!, best!], 300, cost)).toEqual([best, small]);
  });

  it('is the same whatever the order they come in', () => {
    const pieces = Array.from({ length: 20 }, (_, i) => piece(i % 5, i, 100 + i, (i * 7) % 5));
    expect(fill([...pieces].reverse(), 500, cost)).toEqual(fill(pieces, 500, cost));
  });

  it('never costs more than the budget, and asks the price only of what may fit', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            file: fc.nat(5),
            start: fc.nat(900),
            characters: fc.nat(9_000),
            value: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
        ),
        fc.nat(3_000),
        (rows, budget) => {
          const asked: Piece[] = [];
          const pieces = rows.map(({ file, start, characters, value }) => piece(file, start + 1, characters, value));
          const chosen = fill(pieces, budget, (one) => {
            asked.push(one);
            return cost(one);
          });
          expect(chosen.reduce((sum, one) => sum + cost(one), 0)).toBeLessThanOrEqual(budget);
          expect(asked.every(({ characters }) => characters / 8 <= budget)).toBe(true);
        },
      ),
    );
  });

  it('of nothing, or from nothing, is nothing', () => {
    expect(fill([], 100, cost)).toEqual([]);
    expect(fill([piece(1, 1, 10, 1)], 0, cost)).toEqual([]);
  });
});

describe('ranges', () => {
  it('that touch, overlap or lie a few lines apart become one', () => {
    expect(
      merged([
        { start: 10, end: 12 },
        { start: 1, end: 3 },
        { start: 4, end: 5 },
        { start: 11, end: 15 },
      ]),
    ).toEqual([
      [1, 5],
      [10, 15],
    ]);
    expect(
      merged([
        { start: 1, end: 3 },
        { start: 7, end: 9 },
      ]),
    ).toEqual([[1, 9]]);
    expect(
      merged([
        { start: 1, end: 3 },
        { start: 8, end: 9 },
      ]),
    ).toEqual([
      [1, 3],
      [8, 9],
    ]);
  });

  it('are ascending, apart, and hold every line that was asked for', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 1, max: 300 }), fc.nat(30))
      .map(([start, more]) => ({ start, end: start + more }));
    fc.assert(
      fc.property(fc.array(stretch), (stretches) => {
        const ranges = merged(stretches);
        for (let i = 1; i < ranges.length; i++) expect(ranges[i]![0]).toBeGreaterThan(ranges[i - 1]![1] + 1);
        for (const { start, end } of stretches) expect(ranges.some(([a, b]) => a <= start && b >= end)).toBe(true);
      }),
    );
  });
});
