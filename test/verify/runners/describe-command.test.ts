import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunnerPlan } from '../../../src/verify/runners/index.ts';
import { SampleProject } from './sample-project.ts';

const SCRIPTS = {
  test: 'vitest run',
  unit: 'NODE_ENV=test jest --ci',
  mocha: "mocha 'test/**/*.js' --timeout 5000",
  nested: 'npm run mocha',
  passing: 'npm run mocha --',
  chain: 'tsc && vitest run',
  trailing: 'vitest run && eslint .',
  piped: 'vitest run | tee log',
  redirected: 'vitest run > log 2>&1',
  parens: '(cd sub && vitest run)',
  node: 'node --test',
  ownOptions: 'NODE_OPTIONS=--no-warnings node --test',
  esm: 'node --experimental-vm-modules node_modules/jest/bin/jest.js',
  py: 'python -m pytest -q',
  build: 'tsc -p .',
};

describe('describing a command', () => {
  let project: SampleProject;
  beforeAll(async () => {
    project = await SampleProject.of({
      'package.json': JSON.stringify({ scripts: SCRIPTS }),
      'sub/package.json': JSON.stringify({ scripts: { test: 'mocha' } }),
      'direct.mjs': "import { test } from 'node:test';\n",
      'other.mjs': 'console.log(1)\n',
      'test_main.py': 'import unittest\nif __name__ == "__main__":\n    unittest.main()\n',
      'tool.py': 'print(1)\n',
    });
  });
  afterAll(() => project.remove());
  const plan = (line: string): Promise<RunnerPlan> => project.plan(line.split(' '));

  it.each([
    ['node --test', 'node-test'],
    ['/usr/local/bin/node --import tsx --test test/a.test.js', 'node-test'],
    ['node direct.mjs', 'node-test'],
    ['node other.mjs', 'other'],
    ['npm test', 'vitest'],
    ['npm t', 'vitest'],
    ['npm run unit', 'jest'],
    ['npm run-script unit -- --bail', 'jest'],
    ['npm --prefix sub test', 'mocha'],
    ['pnpm unit', 'jest'],
    ['pnpm run unit', 'jest'],
    ['pnpm -C sub test', 'mocha'],
    ['yarn test', 'vitest'],
    ['yarn jest src', 'jest'],
    ['pnpm exec mocha', 'mocha'],
    ['npm exec -- mocha', 'mocha'],
    ['npm run nested', 'mocha'],
    ['npm run chain', 'vitest'],
    ['npm run trailing', 'vitest'],
    ['npm run parens', 'vitest'],
    ['npm run node', 'node-test'],
    ['npm run esm', 'jest'],
    ['npm run py', 'pytest'],
    ['npm run build', 'other'],
    ['npm run nothing', 'other'],
    ['npm install', 'other'],
    ['npx vitest run', 'vitest'],
    ['npx --yes jest', 'jest'],
    ['node_modules/.bin/mocha --exit', 'mocha'],
    ['npx vitest list', 'other'],
    ['pytest', 'pytest'],
    ['/opt/venv/bin/pytest -q tests/', 'pytest'],
    ['python -m pytest -q tests/', 'pytest'],
    ['/usr/bin/python3.11 -W error -m pytest', 'pytest'],
    ['coverage run -m pytest', 'pytest'],
    ['uv run pytest', 'pytest'],
    ['poetry run python -m unittest', 'unittest'],
    ['pytest --collect-only', 'other'],
    ['python3 -m unittest -v test_x', 'unittest'],
    ['python -m unittest discover', 'unittest'],
    ['python test_main.py', 'unittest'],
    ['python tool.py', 'other'],
    ['go test ./...', 'go'],
    ['go build ./...', 'other'],
    ['cargo test', 'cargo'],
    ['cargo +nightly test --lib', 'cargo'],
    ['cargo build', 'other'],
    ['env A=b timeout 60 npx mocha', 'mocha'],
    ['env -u HOME A=b go test', 'go'],
    ['make test', 'other'],
    ['tox', 'other'],
    ['bash run.sh', 'other'],
  ])('sees that `%s` runs %s', async (line, runner) => {
    expect((await plan(line)).runner).toBe(runner);
  });

  it.each([
    ['npm test', /^npm test -- --reporter=default --reporter=\S+vitest\.mjs$/],
    ['npm test -- src', /^npm test -- src --reporter=default --reporter=\S+$/],
    ['npm run unit', /^npm run unit -- --reporters=default --reporters=\S+jest\.cjs$/],
    ['yarn test', /^yarn test --reporter=default --reporter=\S+$/],
    ['npm run chain', /^npm run chain -- --reporter=default --reporter=\S+$/],
    ['npm run passing', /^npm run passing -- --reporter \S+mocha\.cjs$/],
    ['npx vitest run --reporter=dot', /^npx vitest run --reporter=dot --reporter=\S+$/],
    ['npx mocha', /^npx mocha --reporter \S+mocha\.cjs$/],
    ['pytest -q', /^pytest -p maestro_pytest -q$/],
    ['npm run py', /^npm run py -- -p maestro_pytest$/],
    ['python -m pytest -q', /^python -m pytest -p maestro_pytest -q$/],
    ['python3 -m unittest discover -s tests', /^python3 -m maestro_unittest discover -s tests$/],
    ['python -m unittest -f', /^python -m maestro_unittest -f$/],
    ['python test_main.py', /^python test_main\.py -v$/],
    ['go test ./...', /^go test -json \.\/\.\.\.$/],
    ['cargo test --lib', /^cargo test --lib$/],
    [
      'node --test a.js',
      /^node --test-reporter=file:\S+ --test-reporter-destination=stderr --test-reporter=spec --test-reporter-destination=stdout --test a\.js$/,
    ],
    [
      'node --test --test-reporter=dot',
      /^node --test-reporter=file:\S+ --test-reporter-destination=stderr --test-reporter-destination=stdout --test --test-reporter=dot$/,
    ],
  ])('adds what makes `%s` report', async (line, expected) => {
    expect((await plan(line)).argv.join(' ')).toMatch(expected);
  });

  it.each([
    'npm run trailing',
    'npm run piped',
    'npm run redirected',
    'npm run parens',
    'npm run nested',
    'npm run build',
    'npx mocha -R dot',
    'npx jest -- a.test.js',
    'go test -json ./...',
    'python -I -m unittest -v',
    'make test',
  ])('leaves the words of `%s` as they are: more might not reach the runner', async (line) => {
    expect((await plan(line)).argv).toEqual(line.split(' '));
  });

  it('tells node of a script by its environment, unless the script sets it itself', async () => {
    const scripted = await plan('npm run node');
    expect(scripted.argv).toEqual(['npm', 'run', 'node']);
    expect(scripted.env.NODE_OPTIONS).toMatch(/^--test-reporter=file:/);
    expect(scripted.reportFiles).toHaveLength(1);
    expect((await plan('npm run ownOptions')).runner).toBe('node-test');
  });

  it('puts every report outside of the project', async () => {
    for (const line of [
      'npm test',
      'npx jest',
      'npx mocha',
      'node --test',
      'pytest',
      'python -m unittest',
      'make test',
    ]) {
      const { reportFiles } = await plan(line);
      expect(reportFiles.length, line).toBeGreaterThan(0);
      expect(reportFiles.filter((file) => file.startsWith(`${project.root}/`))).toEqual([]);
    }
  });

  it('keeps a PYTHONPATH and PYTEST_ADDOPTS that are there', async () => {
    const { describeCommand } = await import('../../../src/verify/runners/index.ts');
    const environment = { PYTHONPATH: 'lib', PYTEST_ADDOPTS: '-q' };
    const pytest = await describeCommand(['pytest'], project.root, '/reports', environment);
    expect(pytest.env.PYTHONPATH).toMatch(/^lib:.*reporters/);
    const own = await describeCommand(['env', 'PYTHONPATH=src', 'pytest'], project.root, '/reports', {});
    expect(own.argv[1]).toMatch(/^PYTHONPATH=src:.*reporters/);
    const other = await describeCommand(['make'], project.root, "/it's here", environment);
    expect(other.env.PYTEST_ADDOPTS).toBe(`-q --junitxml='/it'"'"'s here/pytest.xml' -o junit_family=xunit1`);
  });
});

describe('running only some tests', () => {
  let project: SampleProject;
  beforeAll(async () => {
    project = await SampleProject.of({
      'package.json': JSON.stringify({ scripts: { test: 'vitest run' } }),
      'tests/test_a.py': '',
      'test/a.test.js': '',
    });
  });
  afterAll(() => project.remove());
  const only = async (line: string, ...ids: string[]) =>
    (await project.plan(line.split(' '))).only(ids)?.join(' ') ?? null;

  it('names pytest’s tests without their parameters, instead of the places given', async () => {
    const line = await only('pytest -q tests', 'tests/test_a.py::A::b[x y]', 'tests/test_a.py::A::b[z]');
    expect(line).toBe('pytest -p maestro_pytest -q tests/test_a.py::A::b');
    expect(await only('pytest tests', 'tests/test_a.py::(file)')).toBe('pytest -p maestro_pytest tests/test_a.py');
  });

  it('keeps how unittest finds tests and selects by their full names', async () => {
    const line = await only('python -m unittest discover -s tests', 'test_a.A.b', 'test_a.A.c (i=1)');
    expect(line).toBe('python -m maestro_unittest discover -s tests -k test_a.A.b -k test_a.A.c');
    expect(await only('python -m unittest', 'test_a (file)')).toBeNull();
  });

  it('escapes names that JavaScript runners take for expressions', async () => {
    expect(await only('npm test', 'test/a.test.js::sum > adds (1+1)')).toMatch(
      / -t adds \\\(1\\\+1\\\) test\/a\.test\.js$/,
    );
    expect(await only('npx jest', 'test/a.test.js::a|b')).toMatch(
      /--runTestsByPath test\/a\.test\.js --testNamePattern=a\\\|b /,
    );
    expect(await only('npx mocha', 'test/a.test.js::a')).toMatch(/ --grep a$/);
  });

  it('runs whole files for what stands for more than one test', async () => {
    const line = await only('node --test', 'test/a.test.js::(file)', 'test/a.test.js::x');
    expect(line).toMatch(/--test test\/a\.test\.js$/);
    expect(line).not.toContain('name-pattern');
  });

  it('says null where the runner cannot be told', async () => {
    expect(await only('make test', 'x')).toBeNull();
    expect(await only('npm test')).toBeNull();
    expect(await only('cargo test some_filter', 'a src/lib.rs > b')).toBeNull();
    expect(await only('go test -run TestX ./...', 'p > TestX')).toBeNull();
  });

  it('selects Go and Rust tests exactly', async () => {
    expect(await only('go test ./...', 'p > TestA > sub', 'q > TestB')).toBe(
      'go test -json -run ^(TestA|TestB)$ ./...',
    );
    expect(await only('cargo test --lib', 'a src/lib.rs > tests::b')).toBe('cargo test --lib -- --exact tests::b');
  });
});
