import { describe, expect, it } from 'vitest';
import { pathsIn } from '../../src/app/paths-in.ts';

const PATHS = ['src/a.py', 'src/ab.py', 'lib/src/a.py', 'README.md', 'src/a.py.bak'];

describe('the paths that a text names', () => {
  it.each([
    ['a list of lines', 'lib/src/a.py\nsrc/ab.py\n', ['lib/src/a.py', 'src/ab.py']],
    ['a numbered list with marks', '1. `src/ab.py`: it adds\n2. **src/a.py**\n', ['src/ab.py', 'src/a.py']],
    ['JSON', '{"files":["README.md","src/a.py"]}', ['README.md', 'src/a.py']],
    ['prose', 'First look at src/a.py, then at src/ab.py.', ['src/a.py', 'src/ab.py']],
    ['paths that begin here', './src/ab.py\n./src/a.py', ['src/ab.py', 'src/a.py']],
    ['lines of outlines', 'src/a.py:12 then\r\nREADME.md', ['src/a.py', 'README.md']],
  ])('are found in the order in which it names them, in %s', (_, text, found) => {
    expect(pathsIn(text, PATHS)).toEqual(found);
  });

  it('are given once, at their first place', () => {
    expect(pathsIn('src/ab.py src/a.py src/ab.py', PATHS)).toEqual(['src/ab.py', 'src/a.py']);
  });

  it('are whole paths: not the end, the beginning or the middle of another', () => {
    expect(pathsIn('lib/src/a.py', PATHS)).toEqual(['lib/src/a.py']);
    expect(pathsIn('src/a.py.bak', PATHS)).toEqual(['src/a.py.bak']);
    expect(pathsIn('/etc/src/a.py and ../src/a.py and xsrc/a.py and src/a.pyx', PATHS)).toEqual([]);
  });

  it('are none in a text without any, and none where none are known', () => {
    expect(pathsIn('I do not know.', PATHS)).toEqual([]);
    expect(pathsIn('', PATHS)).toEqual([]);
    expect(pathsIn('src/a.py', [])).toEqual([]);
  });
});
