import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentedLike } from '../../src/platform/patch-indent.ts';

describe('an edit whose indentation is off', () => {
  it('is indented as the text, the lines put in like those looked for', () => {
    const edit = { search: ['if x:', '    y()'], replace: ['if x:', '    if z:', '', '        y()'] };
    expect(indentedLike('def f():\n  if x:\n      y()\n', edit)).toEqual({
      search: ['  if x:', '      y()'],
      replace: ['  if x:', '      if z:', '', '          y()'],
    });
  });

  it('loses what it is indented too much, as far as each line has it', () => {
    const edit = { search: ['\t\ta', '\t\t\tb'], replace: ['\t\ta', '\t\t\tc', 'd'] };
    expect(indentedLike('\ta\n\t\tb\n', edit)).toEqual({ search: ['\ta', '\t\tb'], replace: ['\ta', '\t\tc', 'd'] });
  });

  it.each([
    ['is not there', 'a\n', ['b']],
    ['is there twice', '  a\n    a\n', ['a']],
    ['is off by different amounts', '  a\n   b\n', ['a', 'b']],
    ['has tabs where the text has blanks', '    a\n', ['\ta']],
    ['is empty', 'a\n', ['']],
  ])('is left alone where what it looks for %s', (_, text, search) => {
    expect(indentedLike(text, { search, replace: ['x'] })).toBeNull();
  });

  it('fits again wherever whole lines of a text are moved in or out alike', () => {
    const word = fc.constantFrom('a()', 'b()', 'c()', 'd()', 'e()');
    const line = fc.tuple(fc.nat(3), word).map(([depth, text]) => '  '.repeat(depth + 2) + text);
    const block = fc.uniqueArray(line, { minLength: 1, maxLength: 6, selector: (one) => one.trim() });
    fc.assert(
      fc.property(block, fc.constantFrom(-4, -2, 2, 4), (lines, by) => {
        const moved = lines.map((one) => (by < 0 ? one.slice(-by) : ' '.repeat(by) + one));
        const found = indentedLike(`${lines.join('\n')}\n`, { search: moved, replace: moved });
        expect(found).toEqual({ search: lines, replace: lines });
      }),
    );
  });
});
