import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/context/collect/kinds.ts';
import { distil } from '../../../src/context/question/errors.ts';
import { PathIndex } from '../../../src/context/question/locations.ts';
import { failureScores } from '../../../src/context/rank/failure.ts';
import { plainFolder } from '../workspace-of.ts';

/** Scores by path for one output. */
function scores(files: Readonly<Record<string, string>>, log: string) {
  const paths = Object.keys(files);
  const found = failureScores(plainFolder(files), paths, paths.map(kindOf), new PathIndex(paths), distil([log]));
  const byPath = (values: Float64Array): Record<string, number> =>
    Object.fromEntries(paths.flatMap((path, i) => (values[i]! > 0 ? [[path, values[i]!] as const] : [])));
  const lines = Object.fromEntries([...found.lines].map(([file, own]) => [paths[file]!, own]));
  return { frame: byPath(found.frame), tested: byPath(found.tested), lines };
}

describe('what a failing test tests', () => {
  it.each([
    ['test_cart.py', 'src/cart.py'],
    ['cart_test.py', 'src/cart.py'],
  ])('is the source that %s is named after', (test, source) => {
    const files = { [source]: '', 'src/other.py': '', [`tests/${test}`]: '' };
    expect(scores(files, `FAILED tests/${test}::test_it - boom\n`).tested).toEqual({ [source]: 1 });
  });

  it('is, of files with one name, rather the one whose folders are those of the test', () => {
    const files = { 'shop/a/cart.py': '', 'shop/b/cart.py': '', 'tests/b/test_cart.py': '' };
    const { tested } = scores(files, 'FAILED tests/b/test_cart.py::test_it - boom\n');
    expect(tested['shop/b/cart.py']).toBe(1);
    expect(tested['shop/a/cart.py']).toBeLessThan(1);
  });

  it('is known by the end of a longer name', () => {
    const files = { 'src/autodoc.py': '', 'tests/test_ext_autodoc.py': '' };
    expect(scores(files, 'FAILED tests/test_ext_autodoc.py::t - boom\n').tested).toEqual({ 'src/autodoc.py': 1 });
  });

  it('is what it imports, less when it imports much', () => {
    const few = { 'src/a.py': '', 'src/b.py': '', 'tests/test_it.py': 'from src.a import x\n' };
    const many = { ...few, 'tests/test_it.py': 'from src.a import x\nfrom src.b import y\n' };
    const log = 'FAILED tests/test_it.py::t - boom\n';
    expect(scores(few, log).tested['src/a.py']).toBeGreaterThan(scores(many, log).tested['src/a.py']!);
    expect(Object.keys(scores(few, log).tested)).toEqual(['src/a.py']);
  });

  it('is known where only the class of the test is named', () => {
    const files = {
      'src/main/java/zoo/Walk.java': '',
      'src/main/java/zoo/Herd.java': '',
      'src/test/java/zoo/WalkTest.java': 'import zoo.Herd;\n',
    };
    const { tested } = scores(files, '[ERROR] zoo.WalkTest.trots -- Time elapsed: 0.01 s <<< FAILURE!\n');
    expect(tested['src/main/java/zoo/Walk.java']).toBe(1);
    expect(tested['src/main/java/zoo/Herd.java']).toBeGreaterThan(0);
  });

  it('is nothing where no test of the workspace is named', () => {
    expect(scores({ 'src/a.py': '' }, 'FAILED elsewhere/test_a.py::t - boom\n').tested).toEqual({});
    expect(scores({ 'src/a.py': '' }, '').tested).toEqual({});
  });
});

describe('the frames of a trace', () => {
  it('count by their distance from the failure, tests and installed packages passed over', () => {
    const files = { 'src/a.py': '', 'src/b.py': '', 'tests/test_a.py': '' };
    const { frame, lines } = scores(
      files,
      'Traceback (most recent call last):\n  File "tests/test_a.py", line 1, in t\n  File "src/a.py", line 2, in a\n  File "/usr/lib/python3/site-packages/x.py", line 5, in x\n  File "src/b.py", line 3, in b\nKeyError: 1\n',
    );
    expect(frame).toEqual({ 'src/b.py': 1, 'src/a.py': 0.5 });
    expect(lines).toEqual({ 'src/b.py': [3], 'src/a.py': [2], 'tests/test_a.py': [1] });
  });

  it('of JavaScript are nearest at the top', () => {
    const files = { 'src/a.js': '', 'src/b.js': '' };
    const { frame } = scores(files, 'TypeError: no\n    at one (src/a.js:2:3)\n    at two (src/b.js:4:5)\n');
    expect(frame).toEqual({ 'src/a.js': 1, 'src/b.js': 0.5 });
  });
});
