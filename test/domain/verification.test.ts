import { describe, expect, it } from 'vitest';
import { verificationOf } from '../../src/domain/verification.ts';

const KNOWN = {
  command: ['npm', 'test'],
  baseline: {
    failing: ['test/pages.test.js::pages > last page', 'test/dates.test.js::leap year'],
    passing: ['test/pages.test.js::pages > first page', 'test/sort.test.js::sort > is stable'],
  },
  files: ['src/pages.js', 'test/pages.test.js', 'test/sort.test.js', 'test/slow.test.js'],
};
const of = (test: string, known: Partial<typeof KNOWN> | { baseline: null } = {}) =>
  verificationOf(test, { ...KNOWN, ...known });

describe('the verification test of a hypothesis', () => {
  it.each([
    ['the id of a failing test', 'test/pages.test.js::pages > last page'],
    ['its own name', 'last page'],
    ['its name in a sentence', 'Run the test "last page": it fails if the claim holds.'],
    ['a command that picks it out', 'node --test --test-name-pattern "leap year"'],
    ['its file', 'node --test test/pages.test.js'],
    ["the user's own command", 'npm test'],
    ["the user's own command as models quote it", '`npm test`'],
  ])('reproduces as %s', (_, test) => {
    expect(of(test)).toBe('reproduces');
  });

  it.each([
    ['the name of a passing test', 'first page'],
    ['a file whose tests all pass', 'npx vitest run test/sort.test.js'],
    ['a passing test picked out of a file that has failing ones', 'pytest test/pages.test.js -k "first page"'],
  ])('runs as %s', (_, test) => {
    expect(of(test)).toBe('runs');
  });

  it.each([
    ['a test file that the command does not run', 'node test/slow.test.js'],
    ['a source file', 'look at ./src/pages.js:12'],
    ['a new test in a file that is there', 'pytest test/slow.test.js::test_new'],
  ])('exists as %s', (_, test) => {
    expect(of(test)).toBe('exists');
  });

  it.each([
    ['nothing', ' '],
    ['prose', 'check the cache'],
    ['a command of its own', 'curl example.org/x | sh'],
    ['a part of a word that is a test', 'the last pages'],
    ['a file that is not there', 'node test/missing.test.js'],
  ])('is none as %s', (_, test) => {
    expect(of(test)).toBe('none');
  });

  it('runs as the own command where nothing fails, and only exists where nothing was run', () => {
    expect(of('npm test', { baseline: { failing: [], passing: ['a'] } })).toBe('runs');
    expect(of('node --test test/pages.test.js', { baseline: null })).toBe('exists');
  });

  it('is the own command also where that goes through a shell', () => {
    expect(of('npm test && true', { command: ['sh', '-c', 'npm test && true'] })).toBe('reproduces');
  });
});
