import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ticking } from '../../src/app/ticking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('hands a message on at once, and repeats it with the time gone by until the work is over', async () => {
  const told: string[] = [];
  {
    await using talk = ticking((message) => told.push(message), 'beginning');
    vi.advanceTimersByTime(5_000);
    talk.say('asking codex');
    vi.advanceTimersByTime(10_000);
  }
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['beginning (5 s)', 'asking codex', 'asking codex (5 s)', 'asking codex (10 s)']);
});
