import { describe, expect, it } from 'vitest';
import { commandText, count, duration, repeated } from '../../src/cli/options.ts';

describe('a length of time', () => {
  it.each([
    ['90s', 90_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    ['30', 30_000],
    [' 5s ', 5_000],
  ])('%s is %d ms', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['', '0', '0s', '-5s', '5 minutes', 's', '1e3', 'NaN', '5d'])('refuses %j', (text) => {
    expect(() => duration(text)).toThrow('Give a length of time');
  });
});

describe('a count', () => {
  it('is a whole number from 1', () => {
    expect(count('1')).toBe(1);
    expect(count('20000')).toBe(20_000);
  });

  it.each(['0', '-1', '1.5', '', 'many', '1e9x'])('refuses %j', (text) => {
    expect(() => count(text)).toThrow('Give a whole number');
  });
});

it('collects an option that is given several times', () => {
  expect(repeated('b', repeated('a'))).toEqual(['a', 'b']);
});

describe('a command as one text', () => {
  it('is taken as typed', () => {
    expect(commandText('npm test && npm run lint')).toBe('npm test && npm run lint');
  });

  it('is not empty', () => {
    expect(() => commandText('  ')).toThrow('Give a command');
  });
});
