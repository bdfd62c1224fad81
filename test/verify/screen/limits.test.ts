import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitFor, typicalCpu } from '../../../src/verify/screen/limits.ts';

const seconds = fc.double({ min: 0, max: 100, noNaN: true });

describe('limits of tests', () => {
  it('give short tests the least and many times their time, long ones a few times theirs', () => {
    expect(limitFor(0, 0, 0, 0.1)).toEqual({ cpu: 0.1, wall: 0.5 });
    expect(limitFor(0.01, 0.01, 0, 0.1).cpu).toBeCloseTo(0.18);
    expect(limitFor(1, 1, 0, 0.1)).toEqual({ cpu: 2.4, wall: 12 });
  });

  it('let a failing test take what the others take, and a sleeping one its time on the clock', () => {
    expect(limitFor(null, null, 0.02, 0.1).cpu).toBeCloseTo(0.26);
    expect(limitFor(0, 2, 0, 0.1).wall).toBe(6.5);
  });

  it('never cut a test short that takes twice as long as on the unchanged tree', () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, (cpu, wall, typical) => {
        const limit = limitFor(cpu, wall, typical, 0.1);
        expect(limit.cpu).toBeGreaterThanOrEqual(cpu * 2);
        expect(limit.wall).toBeGreaterThanOrEqual(Math.max(wall * 2, limit.cpu));
      }),
    );
  });

  it('know what is typical from the tests that ended', () => {
    expect([typicalCpu([]), typicalCpu([null]), typicalCpu([3, null, 1, 2])]).toEqual([0, 0, 2]);
  });
});
