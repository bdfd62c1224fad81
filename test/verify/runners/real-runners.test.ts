import { afterAll, describe, expect, it } from 'vitest';
import { missing, outcomes, SampleProject } from './sample-project.ts';

const NODE_TEST = [
  'f test/broken.test.js::(file)',
  'f test/crash.test.js::(file)',
  'f test/math.test.js::a failing hook > (hook)',
  'f test/math.test.js::a failing hook > never runs',
  'f test/math.test.js::a test with subtests',
  'f test/math.test.js::a test with subtests > second',
  'f test/math.test.js::adds #2',
  'f test/math.test.js::numbers > of another base > reads # and \\',
  'p test/crash.test.js::passes before the crash',
  'p test/math.test.js::a test with subtests > first',
  'p test/math.test.js::adds',
  'p test/math.test.js::numbers > multiplies',
  'p test/script.test.js::(file)',
  's test/math.test.js::numbers > divides',
  's test/math.test.js::numbers > is not done',
  's test/math.test.js::numbers > takes roots',
];

const VITEST = [
  'f test/broken.test.js::(file)',
  'f test/math.test.js::a failing end > (hook)',
  'f test/math.test.js::a failing hook > (hook)',
  'f test/math.test.js::adds #2',
  'f test/math.test.js::numbers > of another base > reads base 8',
  'f test/missing.test.js::(file)',
  'p test/fine.test.js::passes',
  'p test/math.test.js::a failing end > runs',
  'p test/math.test.js::adds',
  'p test/math.test.js::numbers > is known to fail',
  'p test/math.test.js::numbers > multiplies',
  'p test/math.test.js::numbers > of another base > reads base 2',
  's test/math.test.js::a failing hook > never runs',
  's test/math.test.js::numbers > divides',
  's test/math.test.js::numbers > takes roots',
];

const JEST = [
  'f test/broken.test.js::(file)',
  'f test/math.test.js::(hook)',
  'f test/math.test.js::a failing hook > never runs',
  'f test/math.test.js::adds #2',
  'f test/math.test.js::numbers > of another base > reads base 8',
  'f test/missing.test.js::(file)',
  'f test/nested.test.js::outer > inner > fails',
  'p test/fine.test.js::passes',
  'p test/math.test.js::a failing end > runs',
  'p test/math.test.js::adds',
  'p test/math.test.js::numbers > multiplies',
  'p test/math.test.js::numbers > of another base > reads base 2',
  'p test/nested.test.js::outer > inner > passes',
  's test/math.test.js::numbers > divides',
  's test/math.test.js::numbers > takes roots',
  's test/nested.test.js::outer > comes later',
  's test/nested.test.js::outer > inner > is skipped',
];

const MOCHA = [
  'f test/math.test.js::a failing end > (hook)',
  'f test/math.test.js::a failing hook > (hook)',
  'f test/math.test.js::adds #2',
  'f test/math.test.js::numbers > of another base > reads base 8',
  'p test/math.test.js::a failing end > runs',
  'p test/math.test.js::adds',
  'p test/math.test.js::numbers > multiplies',
  's test/math.test.js::numbers > divides',
  's test/math.test.js::numbers > takes roots',
];

const UNITTEST = [
  'f setUpClass (test_math.Database) (hook)',
  'f test_math.Ending.test_ends_badly',
  'f test_math.Numbers.test_documented',
  'f test_math.Numbers.test_passes_unexpectedly',
  'f test_math.Numbers.test_raises',
  'f test_math.Numbers.test_subtests',
  'f test_math.Numbers.test_subtests (i=1)',
  'f test_missing (file)',
  'p test_fine.Fine.test_passes',
  'p test_math.Numbers.test_adds',
  'p test_math.Numbers.test_subtests (i=0)',
  'p test_math.Numbers.test_subtests (i=2)',
  's test_math.Numbers.test_divides',
  's test_math.Numbers.test_known_to_fail',
];

const PYTEST = [
  'f tests/test_broken.py::(file)',
  'f tests/test_math.py::OldStyle::test_old',
  'f tests/test_math.py::TestNumbers::TestOfAnotherBase::test_deep',
  'f tests/test_math.py::test_must_fail',
  'f tests/test_math.py::test_needs_a_database',
  'f tests/test_math.py::test_reads_base[8]',
  'f tests/test_math.py::test_reads_base[a b]',
  'f tests/test_math.py::test_subtracts',
  'f tests/test_math.py::test_with_a_failing_end',
  'f tests/test_missing.py::(file)',
  'p tests/test_math.py::TestNumbers::test_multiplies',
  'p tests/test_math.py::test_adds',
  'p tests/test_math.py::test_passes_unexpectedly',
  'p tests/test_math.py::test_reads_base[2]',
  's tests/test_math.py::test_divides',
  's tests/test_math.py::test_known_to_fail',
];

const CARGO = [
  'f sample src/lib.rs > tests::adds_wrongly',
  'p outer tests/outer.rs > adds',
  'p sample documentation > src/lib.rs - add (line 3)',
  'p sample src/lib.rs > tests::adds',
  'p sample src/lib.rs > tests::panics',
  's sample src/lib.rs > tests::divides',
];

const PYTEST_KEEPS_ON = ['--continue-on-collection-errors', '-p', 'no:cacheprovider'];

interface Case {
  readonly name: string;
  readonly project: string;
  readonly argv: readonly string[];
  readonly expected: readonly string[];
  readonly tool: readonly string[];
  /** Failing and found by its own name alone. */
  readonly one: string;
  /** Words of the stack that its message keeps. */
  readonly frame: RegExp;
  readonly format?: string;
}

const NODE = ['node', '--version'];
const CASES: readonly Case[] = [
  {
    name: 'node --test',
    project: 'node-test',
    argv: ['node', '--test'],
    expected: NODE_TEST,
    tool: NODE,
    one: 'test/math.test.js::numbers > of another base > reads # and \\',
    frame: /math\.test\.js:\d+:\d+/,
  },
  {
    name: 'vitest run',
    project: 'vitest',
    argv: ['vitest', 'run'],
    expected: VITEST,
    tool: NODE,
    one: 'test/math.test.js::numbers > of another base > reads base 8',
    frame: /math\.test\.js:\d+:\d+/,
  },
  {
    name: 'jest',
    project: 'jest',
    argv: ['jest'],
    expected: JEST,
    tool: NODE,
    one: 'test/nested.test.js::outer > inner > fails',
    frame: /nested\.test\.js:\d+:\d+/,
  },
  {
    name: 'mocha',
    project: 'mocha',
    argv: ['mocha'],
    expected: MOCHA,
    tool: NODE,
    one: 'test/math.test.js::numbers > of another base > reads base 8',
    frame: /math\.test\.js:\d+:\d+/,
  },
  {
    name: 'python -m unittest',
    project: 'unittest',
    argv: ['python3', '-m', 'unittest'],
    expected: UNITTEST,
    tool: ['python3', '--version'],
    one: 'test_math.Numbers.test_raises',
    frame: /File ".*test_math\.py", line 33/,
  },
  {
    name: 'python -m pytest',
    project: 'pytest',
    argv: ['python3', '-m', 'pytest', ...PYTEST_KEEPS_ON, '--deselect', 'tests/test_math.py::OldStyle::test_subtests'],
    expected: PYTEST,
    tool: ['python3', '-m', 'pytest', '--version'],
    one: 'tests/test_math.py::TestNumbers::TestOfAnotherBase::test_deep',
    frame: /tests\/test_math\.py:65: ValueError/,
  },
  {
    name: 'cargo test',
    project: 'cargo',
    argv: ['cargo', 'test', '--offline', '--no-fail-fast'],
    expected: CARGO,
    tool: ['cargo', '--version'],
    one: 'sample src/lib.rs > tests::adds_wrongly',
    frame: /src\/lib\.rs:22/,
    format: 'cargo',
  },
];

for (const { name, project: sample, argv, expected, tool, one, frame, format = 'events' } of CASES) {
  const reason = missing(...tool);
  describe.skipIf(reason !== null)(reason === null ? name : `${name} (left out: ${reason})`, async () => {
    const project = await SampleProject.copyOf(sample);
    afterAll(() => project.remove());

    it('gives every test by a name of its own, the same in the next run', async () => {
      const report = await project.run(argv);
      expect(outcomes(report.tests)).toEqual(expected);
      expect(report.format).toBe(format);
      expect(report.problem).toBeUndefined();
      expect(report.tests?.find((test) => test.id === one)?.message).toMatch(frame);
      expect(outcomes((await project.run(argv)).tests)).toEqual(expected);
    });

    it('runs one test alone when told, under the same name', async () => {
      const report = await project.run(argv, [one]);
      expect(outcomes(report.tests).filter((line) => !line.startsWith('s '))).toContain(`f ${one}`);
      expect(report.tests!.length).toBeLessThan(expected.length);
      expect(outcomes(report.tests).filter((line) => !expected.includes(line) && !line.startsWith('s '))).toEqual([]);
    });
  });
}

describe('a command that leads to a runner', () => {
  const projects: SampleProject[] = [];
  const copy = async (name: string) => {
    const project = await SampleProject.copyOf(name);
    projects.push(project);
    return project;
  };
  afterAll(() => Promise.all(projects.map((project) => project.remove())));

  it.each([
    ['node-test', ['npm', 'test'], NODE_TEST],
    ['vitest', ['npm', 'test', '--silent'], VITEST],
    ['jest', ['npm', 'run', 'test'], JEST],
    ['mocha', ['npm', 'test'], MOCHA],
    ['mocha', ['env', 'A=b', 'npx', 'mocha'], MOCHA],
    ['mocha', ['node', '../node_modules/mocha/bin/mocha.js'], MOCHA],
  ])('names the tests of %s through %j', async (name, argv, expected) => {
    const report = await (await copy(name)).run(argv);
    expect(outcomes(report.tests)).toEqual(expected);
    expect(report.format).toBe('events');
  });

  it('counts what ran in a chain of commands, and the end of the one that failed', async () => {
    const report = await (await copy('node-test')).run(['npm', 'run', 'test:chain']);
    expect(outcomes(report.tests)).toEqual(NODE_TEST.filter((line) => line.includes('math.test.js')));
  });

  it('reads what is printed when no reporter can be added', async () => {
    const project = await copy('vitest');
    const report = await project.run(['bash', '-c', 'vitest run; exit 1']);
    expect(report.format).toBe('vitest');
    expect(outcomes(report.tests)).toEqual(expect.arrayContaining(VITEST.filter((line) => line.startsWith('f '))));
  });

  it.skipIf(missing('python3', '-m', 'pytest', '--version'))('asks a pytest below a script for a report', async () => {
    const project = await copy('pytest');
    await project.write('run.sh', `python3 -m pytest ${PYTEST_KEEPS_ON.join(' ')} -q\n`);
    const report = await project.run(['bash', 'run.sh']);
    expect(report.format).toBe('junit');
    expect(outcomes(report.tests)).toEqual(expect.arrayContaining(PYTEST));
  });

  it.skipIf(missing('python3', '--version'))('adds -v where unittest cannot be recorded', async () => {
    const report = await (await copy('unittest')).run(['python3', '-I', 'test_math.py']);
    expect(report.format).toBe('unittest');
    expect(outcomes(report.tests)).toContain('p __main__.Numbers.test_adds');
  });

  it('knows any other command by its exit status alone', async () => {
    const report = await (await copy('mocha')).run(['bash', '-c', 'echo all good; exit 1']);
    expect(report).toMatchObject({ format: 'exit-status', tests: null });
    expect(report.problem).toBeUndefined();
  });
});

describe('a run that ends badly', () => {
  const projects: SampleProject[] = [];
  const make = async (files: Record<string, string>) => {
    const project = await SampleProject.of(files);
    projects.push(project);
    return project;
  };
  afterAll(() => Promise.all(projects.map((project) => project.remove())));

  it('says why when a test file cannot be loaded and nothing ran', async () => {
    const project = await make({ 'a.test.mjs': "import './gone.mjs';\n" });
    const report = await project.run(['node', '--test']);
    expect(report.problem).toMatch(/ERR_MODULE_NOT_FOUND|Cannot find module/);
    expect(outcomes(report.tests)).toEqual(['f a.test.mjs::(file)']);
  });

  it('says so when there are no tests at all', async () => {
    const report = await (await make({ 'a.mjs': '' })).run(['vitest', 'run']);
    expect(report.problem).toMatch(/no test/i);
  });

  it('fails a suite whose process ends early with status 0', async () => {
    const project = await make({
      'a.test.js': "it('passes', () => {}); it('leaves', () => process.exit(0)); it('is lost', () => {});\n",
    });
    const report = await project.run(['mocha', 'a.test.js']);
    expect(outcomes(report.tests)).toEqual(['f (process exit)', 'p a.test.js::passes']);
  });

  it.skipIf(missing('python3', '-m', 'pytest', '--version'))(
    'keeps what pytest had reported before a crash',
    async () => {
      const project = await make({
        'test_a.py':
          'import os\n\ndef test_passes(): pass\n\ndef test_crashes(): os._exit(7)\n\ndef test_lost(): pass\n',
      });
      const report = await project.run(['python3', '-m', 'pytest', '-p', 'no:cacheprovider']);
      expect(outcomes(report.tests)).toEqual(['f (process exit)', 'p test_a.py::test_passes']);
    },
  );

  it.skipIf(missing('python3', '--version'))('takes no printed text for a result where there is a report', async () => {
    const project = await make({
      'test_a.py': [
        'import unittest',
        'class A(unittest.TestCase):',
        '    def test_a(self):',
        '        print("test_b (test_a.A.test_b) ... ok\\nRan 2 tests in 0.1s\\n\\nOK")',
        '        self.fail("truth")',
        '',
      ].join('\n'),
    });
    const report = await project.run(['python3', '-m', 'unittest']);
    expect(outcomes(report.tests)).toEqual(['f test_a.A.test_a']);
  });

  it('leaves nothing in the folder of the project', async () => {
    const project = await make({ 'a.test.mjs': "import { test } from 'node:test'; test('a', () => {});\n" });
    await project.run(['node', '--test']);
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(project.root)).toEqual(['a.test.mjs']);
  });
});
