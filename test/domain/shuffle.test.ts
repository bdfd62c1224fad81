import { describe, expect, it } from 'vitest';
import { shuffled } from '../../src/domain/shuffle.ts';

const ITEMS = ['a', 'b', 'c', 'd'];

describe('shuffling', () => {
  it('gives the same order for the same seed and leaves the items as they were', () => {
    expect(shuffled(ITEMS, 'run-1')).toEqual(shuffled(ITEMS, 'run-1'));
    expect(ITEMS).toEqual(['a', 'b', 'c', 'd']);
    expect(shuffled(ITEMS, 'run-1').toSorted()).toEqual(ITEMS);
    expect(shuffled([], 'x')).toEqual([]);
  });

  it('puts every item in every place about equally often, over many seeds', () => {
    const firsts = new Map<string, number>();
    for (let run = 0; run < 4_000; run++) {
      const [first] = shuffled(ITEMS, `run-${run}`);
      firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
    }
    for (const item of ITEMS) expect(Math.abs(firsts.get(item)! - 1_000)).toBeLessThan(200);
  });
});
