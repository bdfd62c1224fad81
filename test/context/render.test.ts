import { describe, expect, it } from 'vitest';
import { printableName } from '../../src/context/fit/names.ts';
import { Source } from '../../src/context/fit/source.ts';
import { renderText, type Section } from '../../src/context/render.ts';
import type { Range } from '../../src/context/request.ts';

const section = (path: string, text: string, ranges: Range[], scopes: string[] = []): Section => ({
  source: new Source({ file: 0, path, belief: 1, signals: {} }, text),
  ranges,
  scopes,
});
const NOTHING = { errors: [], sections: [], outline: [], receipt: '' };

describe('the text of a pack', () => {
  it('has for each file its path and length, for each range its lines and what it stands in', () => {
    const text = renderText({
      ...NOTHING,
      sections: [
        section(
          'a.py',
          'one\ntwo\nthree\nfour\n',
          [
            [1, 1],
            [3, 4],
          ],
          ['', 'Outer > inner'],
        ),
      ],
    });
    expect(text).toBe('## a.py (4 lines)\n@@ 1-1 @@\none\n@@ 3-4 @@ in Outer > inner\nthree\nfour\n');
  });

  it('begins with the errors and ends with outlines and the receipt, an empty line between', () => {
    const text = renderText({
      errors: ['Error: bad'],
      sections: [section('a.py', 'one\n', [[1, 1]]), section('b.py', 'two', [[1, 1]])],
      outline: ['c.py: f:1'],
      receipt: '(2 of 3)',
    });
    expect(text.split('\n\n')).toEqual([
      '# Failing output, distilled\nError: bad',
      '## a.py (1 lines)\n@@ 1-1 @@\none',
      '## b.py (1 lines)\n@@ 1-1 @@\ntwo',
      '# Outlines of further files (name:line)\nc.py: f:1',
      '(2 of 3)\n',
    ]);
  });

  it('of nothing is empty', () => {
    expect(renderText(NOTHING)).toBe('');
  });

  it('has no secret, and every other line as it is in the file', () => {
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const source = section('a.py', `x = 1 \r\nt = "${secret}"\r\n\ty = 2`, [[1, 3]]);
    expect(renderText({ ...NOTHING, sections: [source] })).toBe(
      '## a.py (3 lines)\n@@ 1-3 @@\nx = 1 \nt = "[redacted:github-token]"\n\ty = 2\n',
    );
  });
});

describe('a path in a text', () => {
  it('is as it is, with spaces, quotes and letters of any script', () => {
    for (const path of ['src/a b.py', 'a"b.py', 'ünï/文.py', 'a\\b.py', ' x']) expect(printableName(path)).toBe(path);
  });

  it('is quoted where it would break its line', () => {
    expect(printableName('a\nb')).toBe('"a\\nb"');
    expect(printableName('a\u001b[31m')).toBe('"a\\033[31m"');
    expect(printableName('a\u2028b')).not.toContain('\u2028');
  });
});
