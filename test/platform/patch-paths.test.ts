import { describe, expect, it } from 'vitest';
import { existsIn, pathInFence, pathOnLine } from '../../src/platform/patch-paths.ts';

const exists = (path: string) => ['my file.txt', 'Makefile', 'a.js'].includes(path);

describe('the path on a line above an edit', () => {
  it.each([
    ['src/a.js', 'src/a.js'],
    ['  src/a.js  ', 'src/a.js'],
    ['./src/a.js', 'src/a.js'],
    ['src/a.js:', 'src/a.js'],
    ['### src/a.js', 'src/a.js'],
    ['**src/a.js**', 'src/a.js'],
    ['**src/a.js:**', 'src/a.js'],
    ['`src/a.js`', 'src/a.js'],
    ['`src/a.js`:', 'src/a.js'],
    ['**`src/a.js`**:', 'src/a.js'],
    ['2. `src/a.js`', 'src/a.js'],
    ['- src/a.js', 'src/a.js'],
    ['File: src/a.js', 'src/a.js'],
    ['**File:** `src/a.js`', 'src/a.js'],
    ['New file: `src/a.js`', 'src/a.js'],
    ['`src/a.js` (new)', 'src/a.js'],
    ['// src/a.js', 'src/a.js'],
    ['# src/a.py', 'src/a.py'],
    ['<!-- src/a.html -->', 'src/a.html'],
    ['/* src/a.css */', 'src/a.css'],
    ['docs/LICENSE', 'docs/LICENSE'],
    ['.env', '.env'],
    ['Makefile', 'Makefile'],
    ['`my file.txt`', 'my file.txt'],
    ['my file.txt', 'my file.txt'],
    ['../../etc/passwd', '../../etc/passwd'],
  ])('of %j is %s', (line, path) => {
    expect(pathOnLine(line, exists)).toBe(path);
  });

  it.each([
    'In src/a.js change this:',
    'The fix',
    'Dockerfile',
    'https://example.com/a.js',
    '`npm test`',
    '',
    '```js',
    'const x = 1;',
  ])('is not there in %j', (line) => {
    expect(pathOnLine(line, exists)).toBeNull();
  });
});

describe('the path in the opening of a fence', () => {
  it.each([
    ['js path=src/a.js', 'src/a.js'],
    ['path="src/a b.js" js', 'src/a b.js'],
    ["js {file='src/a.js'}", 'src/a.js'],
    ['js filename: src/a.js', 'src/a.js'],
    ['ts:src/a.ts', 'src/a.ts'],
    ['src/a.ts', 'src/a.ts'],
    ['js ./src/a.js', './src/a.js'],
    ['a.js', 'a.js'],
    ['path=./a.js', 'a.js'],
  ])('of %j is %s', (info, path) => {
    expect(pathInFence(info, exists)).toBe(path);
  });

  it.each(['', 'js', 'python3.11', 'c++', 'js title=example.js', 'diff', 'json5 linenums', 'b.js'])(
    'is not there in %j',
    (info) => {
      expect(pathInFence(info, exists)).toBeNull();
    },
  );
});

describe('asking whether a file exists', () => {
  it('asks for nothing outside the workspace', () => {
    const asked: string[] = [];
    const read = (path: string) => {
      asked.push(path);
      return '';
    };
    const paths = ['a.js', '../a.js', '/etc/passwd', '.git/config', 'a\0b', ''];
    expect(paths.map(existsIn(read))).toEqual([true, false, false, false, false, false]);
    expect(asked).toEqual(['a.js']);
  });
});
