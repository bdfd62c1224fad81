import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/domain/in-parallel.ts';
import { withBreath } from '../../src/verify/with-breath.ts';

const items = Array.from({ length: 250 }, (_, index) => index);

describe('work that never waits', () => {
  it('lets everything else have its turn every hundred items', async () => {
    let done = 0;
    let seen = -1;
    const turn = new Promise<void>((resolve) => {
      setImmediate(() => {
        seen = done;
        resolve();
      });
    });
    const work = withBreath(async () => void done++);
    await inParallel(items, 1, work);
    await turn;
    expect(seen).toBe(1);
    expect(done).toBe(items.length);
  });

  it('gives the same results in the same order', async () => {
    expect(
      await inParallel(
        items,
        8,
        withBreath(async (item) => item * 2),
      ),
    ).toEqual(items.map((item) => item * 2));
  });
});
