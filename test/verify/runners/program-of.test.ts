import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programOf } from '../../../src/verify/runners/index.ts';
import { SampleProject } from './sample-project.ts';

const UNITTEST_MAIN = 'import unittest\nunittest.main()\n';

describe('what a test command comes down to', () => {
  let project: SampleProject;
  beforeAll(async () => {
    project = await SampleProject.of({
      'package.json': JSON.stringify({
        scripts: { test: 'NODE_ENV=test vitest run --pool=forks src' },
        mocha: { spec: 'spec/**/*.js' },
      }),
      'pytest.ini': '[pytest]\ntestpaths =\n    tests\n    more\npython_files = test_*.py check_*.py\n',
      'vitest.config.ts': '',
      'src/a.test.ts': '',
      'src/deep/b.spec.js': '',
      'src/deep/b.js': '',
      'src/__tests__/c.js': '',
      'test/d.js': '',
      'test/deep/e.mjs': '',
      'spec/f.js': '',
      'node_modules/x/x.test.js': '',
      'tests/test_one.py': '',
      'tests/check_two.py': '',
      'tests/helper.py': '',
      'more/test_three.py': '',
      'elsewhere/test_four.py': '',
      'pkg/__init__.py': '',
      'pkg/test_five.py': '',
      'nopkg/test_six.py': '',
      'test_seven.py': UNITTEST_MAIN,
      'sub/package.json': JSON.stringify({ scripts: { test: 'mocha --recursive' } }),
      'sub/test/deep/g.js': '',
    });
  });
  afterAll(() => project.remove());
  const files = async (line: string) => (await programOf(line.split(' '), project.root))?.testFiles;

  it.each([
    ['node --test', ['src/a.test.ts', 'sub/test/deep/g.js', 'test/d.js', 'test/deep/e.mjs']],
    ['node --test test/d.js', ['test/d.js']],
    ['node --test src/**/*.js', ['src/__tests__/c.js', 'src/deep/b.js', 'src/deep/b.spec.js']],
    ['npx vitest run', ['src/a.test.ts', 'src/deep/b.spec.js']],
    ['npx vitest run deep', ['src/deep/b.spec.js']],
    ['npx vitest deep -t name', ['src/deep/b.spec.js']],
    ['npx jest', ['src/__tests__/c.js', 'src/a.test.ts', 'src/deep/b.spec.js']],
    ['npx jest src/deep', ['src/deep/b.spec.js']],
    ['npx mocha', ['spec/f.js']],
    ['npx mocha test', ['test/d.js']],
    ['npx mocha --recursive test', ['test/d.js', 'test/deep/e.mjs']],
    ['npx mocha -r ./setup.js test/*.js', ['test/d.js']],
    ['npm --prefix sub test', ['sub/test/deep/g.js']],
    ['pytest', ['more/test_three.py', 'tests/check_two.py', 'tests/test_one.py']],
    ['pytest -q tests/test_one.py', ['tests/test_one.py']],
    ['pytest tests/test_one.py::A::b', ['tests/test_one.py']],
    ['python -m pytest elsewhere -k name', ['elsewhere/test_four.py']],
    ['python -m unittest', ['pkg/test_five.py', 'test_seven.py']],
    ['python -m unittest discover -s nopkg', ['nopkg/test_six.py']],
    ['python -m unittest discover nopkg *six.py', ['nopkg/test_six.py']],
    ['python -m unittest pkg.test_five.Class.name', ['pkg/test_five.py']],
    ['python -m unittest nopkg/test_six.py -v', ['nopkg/test_six.py']],
    ['python test_seven.py', ['test_seven.py']],
  ])('finds the files that `%s` runs', async (line, expected) => {
    expect(await files(line)).toEqual([...expected].sort());
  });

  it('says which interpreter, with which options, settings and variables', async () => {
    expect(await programOf(['npm', 'test'], project.root)).toMatchObject({
      runner: 'vitest',
      interpreter: 'node',
      args: ['--pool=forks'],
      configFiles: ['vitest.config.ts', 'package.json'],
      env: { NODE_ENV: 'test' },
      folder: '',
    });
    expect(
      await programOf(
        ['/opt/py/bin/python3', '-W', 'error', '-m', 'pytest', '-x', 'tests/test_one.py::A'],
        project.root,
      ),
    ).toMatchObject({
      runner: 'pytest',
      interpreter: '/opt/py/bin/python3',
      interpreterArgs: ['-W', 'error'],
      args: ['-x'],
      named: ['tests/test_one.py::A'],
      configFiles: ['pytest.ini'],
    });
    expect(
      await programOf(['node', '--import', 'tsx', '--test', '--test-concurrency=1', 'test/d.js'], project.root),
    ).toMatchObject({
      runner: 'node-test',
      interpreter: 'node',
      interpreterArgs: ['--import', 'tsx', '--test-concurrency=1'],
    });
    expect(await programOf(['npm', '--prefix', 'sub', 'test'], project.root)).toMatchObject({
      runner: 'mocha',
      folder: 'sub',
    });
  });

  it('is null for what has no warm runner', async () => {
    for (const line of ['cargo test', 'go test ./...', 'make test', 'tox'])
      expect(await programOf(line.split(' '), project.root)).toBeNull();
  });
});
