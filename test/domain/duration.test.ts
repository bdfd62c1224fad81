import { expect, it } from 'vitest';
import { parseDuration } from '../../src/domain/duration.ts';

it.each([
  ['90s', 90_000],
  ['2m', 120_000],
  ['500ms', 500],
  ['1h', 3_600_000],
  [' 1.5m ', 90_000],
  ['30', 30_000],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '0', '0s', '-1s', '5 minutes', '1d', 's', 'Infinity', '1e3'])('does not read %j', (text) => {
  expect(parseDuration(text)).toBeNull();
});
