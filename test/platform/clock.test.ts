import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';

describe('the clock', () => {
  it('never goes back, and moves on', async () => {
    const readings = Array.from({ length: 1_000 }, () => systemClock.now());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(systemClock.now()).toBeGreaterThan(readings.at(-1)!);
  });
});
