import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/domain/in-parallel.ts';

describe('working in parallel', () => {
  it('gives the results in the order of the items, whichever ends first', async () => {
    const ended: number[] = [];
    const results = await inParallel([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      ended.push(turns);
      return turns * 10;
    });
    expect(results).toEqual([30, 10, 20]);
    expect(ended).toEqual([1, 2, 3]);
  });

  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [9, 5],
  ])('with a width of %i keeps %i of five items under way at most', async (width, expected) => {
    let underWay = 0;
    let most = 0;
    await inParallel([1, 2, 3, 4, 5], width, async () => {
      most = Math.max(most, ++underWay);
      await setImmediate();
      underWay--;
    });
    expect(most).toBe(expected);
  });

  it('does nothing for no items', async () => {
    expect(await inParallel([], 4, async () => 1)).toEqual([]);
  });

  it('starts nothing more after a failure and rejects with it when what was under way has ended', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const work = inParallel([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      if (item === 2) throw new Error('second');
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('second');
    expect(started).toEqual([1, 2]);
    expect(ended).toEqual([1]);
  });
});
