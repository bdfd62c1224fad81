import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../../../src/context/collect/changes.ts';
import { kindOf } from '../../../src/context/collect/kinds.ts';
import { distil } from '../../../src/context/question/errors.ts';
import { PathIndex } from '../../../src/context/question/locations.ts';
import { readQuestion } from '../../../src/context/question/question.ts';
import { failureScores } from '../../../src/context/rank/failure.ts';
import { historyScores, openHistory } from '../../../src/context/rank/history.ts';
import { importedBy } from '../../../src/context/rank/imports.ts';
import { namedInText, pathScores, plainName } from '../../../src/context/rank/paths.ts';
import { commit, folder, git, plainFolder, repository, write } from '../workspace-of.ts';

const signal = new AbortController().signal;

/** What a file of these imports, by path. */
function imports(files: Readonly<Record<string, string>>, from: string): string[] {
  const root = plainFolder(files);
  const paths = Object.keys(files);
  return importedBy(root, paths, new PathIndex(paths), paths.indexOf(from)).map((file) => paths[file]!);
}

describe('the import graph', () => {
  it('follows relative imports of scripts, with and without endings and index files', () => {
    const files = {
      'src/a.ts': "import './b.js'; import x from '../lib/c'; import y from './d';",
      'src/b.ts': '',
      'lib/c.ts': '',
      'src/d/index.ts': '',
      'other/b.ts': '',
    };
    expect(imports(files, 'src/a.ts').sort()).toEqual(['lib/c.ts', 'src/b.ts', 'src/d/index.ts']);
  });

  it('follows Python modules, packages, and names that are modules', () => {
    const files = {
      'app/a.py': 'from app.core import models\nfrom . import b\nimport app.util.text\n',
      'app/core/__init__.py': '',
      'app/core/models.py': '',
      'app/b.py': '',
      'app/util/text.py': '',
    };
    expect(imports(files, 'app/a.py')).toEqual(
      expect.arrayContaining(['app/core/models.py', 'app/b.py', 'app/util/text.py']),
    );
  });

  it('follows Java packages', () => {
    const files = {
      'src/main/java/com/acme/A.java': 'import com.acme.util.Text;\n',
      'src/main/java/com/acme/util/Text.java': '',
      'src/main/java/org/other/Text.java': '',
    };
    expect(imports(files, 'src/main/java/com/acme/A.java')).toEqual(['src/main/java/com/acme/util/Text.java']);
  });

  it('takes packages from elsewhere for nothing', () => {
    expect(imports({ 'a.ts': "import 'react'; import 'node:fs';", 'b.ts': '' }, 'a.ts')).toEqual([]);
  });
});

describe('paths', () => {
  it('score by their words, the name of the file more than its folders, rare words more', () => {
    const paths = ['lib/rules/indent.js', 'lib/indent/rules.js', 'lib/util/ast.js'];
    const [own, inFolder, none] = pathScores(paths, readQuestion('indent is wrong', ''));
    expect(own).toBeGreaterThan(inFolder!);
    expect(none).toBe(0);
  });

  it('are named in a text however the name is written', () => {
    const paths = ['lib/no-extra-parens.js', 'src/NoExtraParens.java', 'no_extra_parens.py', 'lib/other.js'];
    expect(new Set(paths.slice(0, 3).map(plainName)).size).toBe(1);
    const blob = 'aA1_'.repeat(12_000);
    const scores = namedInText(
      paths,
      paths.map(kindOf),
      readQuestion(`the rule \`no-extra-parens\` fails ${blob}`, ''),
    );
    expect([...scores].map((score) => score > 0)).toEqual([true, true, true, false]);
  });

  it('of index files are known by their folder', () => {
    expect(plainName('src/router/index.js')).toBe('router');
    expect(plainName('app/views/__init__.py')).toBe('views');
  });
});

describe('failing output', () => {
  const files = {
    'src/cart.py': '',
    'src/tax.py': '',
    'tests/test_cart.py': 'from src.tax import tax\n',
    'vendor/x.py': '',
  };
  const paths = Object.keys(files);
  const scores = (log: string) =>
    failureScores(plainFolder(files), paths, paths.map(kindOf), new PathIndex(paths), distil([log]));

  it('points to the sources in its frames, the one nearest to the failure first', () => {
    const { frame, lines } = scores(
      'Traceback\n  File "/x/src/tax.py", line 3, in a\n  File "/x/src/cart.py", line 9, in b\nValueError: no\n',
    );
    expect([...frame]).toEqual([1, 0.5, 0, 0]);
    expect(lines.get(0)).toEqual([9]);
  });

  it('points to what the failing test is named after, and to what it imports', () => {
    const { tested } = scores('FAILED tests/test_cart.py::test_total - assert 1 == 2\n');
    expect(tested[0]).toBe(1);
    expect(tested[1]).toBeGreaterThan(0);
  });

  it('does not take frames of installed packages for the workspace', () => {
    const { frame } = scores('  File "/usr/lib/python3/site-packages/src/cart.py", line 9, in b\nValueError: no\n');
    expect([...frame]).toEqual([0, 0, 0, 0]);
  });
});

describe('past commits', () => {
  const numbers = new Map([
    ['a.py', 0],
    ['b.py', 1],
  ]);

  it('lead from the words of their messages to the files they changed', async () => {
    const root = repository({ 'a.py': '1', 'b.py': '1' });
    write(root, { 'b.py': '2' });
    commit(root, 'Repair the flux capacitor');
    const history = await openHistory(folder(), root, signal);
    const scores = historyScores(history, numbers, readQuestion('the flux capacitor is broken', ''));
    expect(scores[1]).toBeGreaterThan(scores[0]!);
  });

  it('are kept, extended by new ones, and read anew when they were rewritten or the file is broken', async () => {
    const root = repository({ 'a.py': '1', 'b.py': '1' });
    const state = folder();
    const count = async (): Promise<number> => (await openHistory(state, root, signal)).commits.length;
    expect(await count()).toBe(1);
    write(root, { 'a.py': '2' });
    commit(root, 'second');
    expect(await count()).toBe(2);
    git(root, 'reset', '-q', '--hard', 'HEAD~1');
    write(root, { 'b.py': '3' });
    commit(root, 'other');
    expect((await openHistory(state, root, signal)).commits[0]![1]).toEqual(['b.py']);
    write(state, { 'history.json': '{"head":1' });
    expect(await count()).toBe(2);
  });

  it('are none outside of a repository and before the first commit', async () => {
    expect((await openHistory(folder(), plainFolder({ 'a.py': '' }), signal)).commits).toEqual([]);
    const fresh = folder();
    git(fresh, 'init', '-q');
    expect((await openHistory(folder(), fresh, signal)).commits).toEqual([]);
  });
});

describe('changed lines', () => {
  it('are those that are not committed, else those of the last commit, as the file is now', async () => {
    const root = repository({ 'a.py': '1\n2\n3\n' });
    write(root, { 'a.py': '1\nnew\nnewer\n3\n' });
    expect(Object.fromEntries(await changedLines(root, signal))).toEqual({ 'a.py': [[2, 3]] });
    commit(root, 'x');
    expect(Object.fromEntries(await changedLines(root, signal))).toEqual({ 'a.py': [[2, 3]] });
    expect(readFileSync(join(root, 'a.py'), 'utf8').split('\n')[1]).toBe('new');
  });

  it('are none outside of a repository', async () => {
    expect((await changedLines(plainFolder({ 'a.py': '' }), signal)).size).toBe(0);
  });
});
