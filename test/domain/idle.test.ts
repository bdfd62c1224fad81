import { describe, expect, it } from 'vitest';
import { IDLE_DAYS, idleDays } from '../../src/domain/idle.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('a task in which nothing happens', () => {
  it(`is idle from ${IDLE_DAYS} whole days on`, () => {
    const view = { status: 'open', touchedAt: 5 } as const;
    expect(idleDays(view, 5 + IDLE_DAYS * DAY - 1)).toBeNull();
    expect(idleDays(view, 5 + IDLE_DAYS * DAY)).toBe(IDLE_DAYS);
    expect(idleDays(view, 5 + 30.9 * DAY)).toBe(30);
  });

  it('is idle too where a person is waited for, and never once it has ended', () => {
    for (const status of ['awaiting_approval', 'escalated'] as const)
      expect(idleDays({ status, touchedAt: 0 }, 8 * DAY)).toBe(8);
    expect(idleDays({ status: 'finished', touchedAt: 0 }, 8 * DAY)).toBeNull();
  });

  it('is not idle where the clock was set back', () => {
    expect(idleDays({ status: 'open', touchedAt: 9 * DAY }, 0)).toBeNull();
  });
});
