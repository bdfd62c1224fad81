import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condensed } from '../../../src/context/fit/condense.ts';

const prose = Array.from({ length: 30 }, (_, i) => `    Sentence ${i}.`);

/** The numbers of the lines that stay. */
function kept(text: readonly string[], family: 'python' | 'javascript'): number[] {
  return condensed(text, { start: 1, end: text.length }, family).flatMap(({ start, end }) =>
    Array.from({ length: end - start + 1 }, (_, i) => start + i),
  );
}

describe('leaving out prose', () => {
  it('keeps the first lines of a long docstring and all of the code', () => {
    const text = ['def f(x):', '    """Does it.', ...prose, '    """', '    return x'];
    expect(kept(text, 'python')).toEqual([1, 2, 3, 4, 5, 34]);
  });

  it('keeps short docstrings, and the code after them, whole', () => {
    const text = [
      'def f(x):',
      '    """',
      '    Does it.',
      '    """',
      ...Array.from({ length: 20 }, (_, i) => `    a${i} = 1`),
      '    """',
      '    No opening.',
      '    """',
    ];
    expect(kept(text, 'python')).toEqual(text.map((_, i) => i + 1));
  });

  it('keeps the beginning of long comments of both forms', () => {
    const block = ['/**', ...Array.from({ length: 30 }, () => ' * word'), ' */', 'function f() {}'];
    expect(kept(block, 'javascript')).toEqual([1, 2, 3, 4, 33]);
    const run = [...Array.from({ length: 30 }, () => '// word'), 'f();'];
    expect(kept(run, 'javascript')).toEqual([1, 2, 3, 4, 31]);
  });

  it('takes a docstring that is never closed for code', () => {
    const text = ['x = """', ...prose];
    expect(kept(['"""', ...prose], 'python')).toEqual(text.map((_, i) => i + 1));
  });

  it('never gives lines twice, out of order, or beyond the stretch', () => {
    const line = fc.constantFrom('"""', "'''", '# a', '/*', '*/', '// b', 'code', '', '    """doc', 'x = """a"""');
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('python' as const, 'javascript' as const),
        (text, family) => {
          const lines = kept(text, family);
          expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
          expect(lines[0]).toBe(1);
          expect(lines.at(-1)).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
