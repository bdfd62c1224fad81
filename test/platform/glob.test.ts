import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globExpression } from '../../src/platform/glob.ts';

describe('patterns', () => {
  it.each([
    ['**/*.test.js', ['a.test.js', 'x/y/a.test.js'], ['a.js', 'a.test.jsx']],
    ['test/*.js', ['test/a.js'], ['test/x/a.js', 'a.js']],
    ['test/**', ['test/a', 'test/x/a'], ['tests/a']],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', ['a.test.js', 'a.spec.mts', 'x/a.test.tsx'], ['a.tests.js', 'a.test.json']],
    ['a?.[!b]s', ['ab.js', 'ab.ts'], ['a.js', 'ab.bs']],
    ['@(a|b)/+(c)', ['a/c', 'b/ccc'], ['c/c', 'a/']],
    ['./a.js', ['a.js'], ['./a.js', 'b.js']],
  ])('%s means what the shell means by it', (glob, yes, no) => {
    const expression = globExpression(glob);
    expect(yes.filter((path) => !expression.test(path))).toEqual([]);
    expect(no.filter((path) => expression.test(path))).toEqual([]);
  });

  it('agree with the platform on plain ones', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '?b', '**');
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, file) => {
        fc.pre(!pattern.endsWith('**'));
        expect(globExpression(pattern).test(file), `${pattern} ${file}`).toBe(matchesGlob(file, pattern));
      }),
    );
  });

  it('never throw, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => globExpression(text) instanceof RegExp));
  });
});
