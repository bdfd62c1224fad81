import { describe, expect, it } from 'vitest';
import { outcomes, printed, recorded } from './recorded.ts';

/** The sample project of node:test, as far as formats without files tell. */
const NODE = [
  'f a failing hook > never runs',
  'f a test with subtests > second',
  'f adds #2',
  'f numbers > of another base > reads # and \\',
  'p a test with subtests > first',
  'p adds',
  'p numbers > multiplies',
  'p passes before the crash',
  's numbers > divides',
  's numbers > is not done',
  's numbers > takes roots',
];
const nodeFiles = (base: string) => [
  `f ${base}test/broken.test.js::(file)`,
  `f ${base}test/crash.test.js::(file)`,
  `p ${base}test/script.test.js::(file)`,
];

const VITEST_FAILED = [
  'f test/broken.test.js::(file)',
  'f test/math.test.js::adds #2',
  'f test/math.test.js::numbers > of another base > reads base 8',
  'f test/missing.test.js::(file)',
];
const VITEST_HOOKS = ['f test/math.test.js::a failing end > (hook)', 'f test/math.test.js::a failing hook > (hook)'];
const VITEST_REST = [
  'p test/fine.test.js::passes',
  'p test/math.test.js::a failing end > runs',
  'p test/math.test.js::adds',
  'p test/math.test.js::numbers > is known to fail',
  'p test/math.test.js::numbers > multiplies',
  'p test/math.test.js::numbers > of another base > reads base 2',
];
const VITEST_SKIPPED = [
  's test/math.test.js::a failing hook > never runs',
  's test/math.test.js::numbers > divides',
  's test/math.test.js::numbers > takes roots',
];
const VITEST = [...VITEST_FAILED, ...VITEST_HOOKS, ...VITEST_REST, ...VITEST_SKIPPED];

const JEST_FAILED = [
  'f test/broken.test.js::(file)',
  'f test/math.test.js::a failing hook > never runs',
  'f test/math.test.js::numbers > of another base > reads base 8',
  'f test/missing.test.js::(file)',
  'f test/nested.test.js::outer > inner > fails',
];

const MOCHA_HOOKS = ['f a failing end > (hook)', 'f a failing hook > (hook)'];

const UNITTEST_FAILED = [
  'f setUpClass (test_math.Database) (hook)',
  'f test_math.Ending.test_ends_badly',
  'f test_math.Numbers.test_documented',
  'f test_math.Numbers.test_raises',
  'f test_math.Numbers.test_subtests',
  'f test_missing (file)',
];
const UNITTEST = [
  ...UNITTEST_FAILED,
  'f test_math.Numbers.test_passes_unexpectedly',
  'p test_fine.Fine.test_passes',
  'p test_math.Numbers.test_adds',
  's test_math.Numbers.test_divides',
  's test_math.Numbers.test_known_to_fail',
];
const SUBTEST = 'f test_math.Numbers.test_subtests (i=1)';

const PYTEST_FAILED = [
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
];
const PYTEST_PASSED = [
  'p tests/test_math.py::TestNumbers::test_multiplies',
  'p tests/test_math.py::test_adds',
  'p tests/test_math.py::test_passes_unexpectedly',
  'p tests/test_math.py::test_reads_base[2]',
];
const PYTEST_SKIPPED = ['s tests/test_math.py::test_divides', 's tests/test_math.py::test_known_to_fail'];
const PYTEST = [...PYTEST_FAILED, ...PYTEST_PASSED, ...PYTEST_SKIPPED];
const PYTEST9_SUBTEST = 'f tests/test_math.py::OldStyle::test_subtests (i=1)';
const PYTEST_SUBTESTS = 'tests/test_math.py::OldStyle::test_subtests';

const CARGO = ['f tests::adds_wrongly', 'p tests::adds', 'p tests::panics', 's tests::divides'];

const unittestVersions = ['2.7.18', '3.6.15', '3.8.18', '3.11.7', '3.12.1', '3.13.0'];

const EXPECTED: ReadonlyArray<readonly [file: string, format: string, outcomes: readonly string[]]> = [
  ['node20.tap', 'tap', [...NODE, ...nodeFiles('node-test/')]],
  ['node24.tap', 'tap', [...NODE, ...nodeFiles('')]],
  ['node20-spec.txt', 'node-spec', [...NODE, ...nodeFiles('node-test/')]],
  ['node24-spec.txt', 'node-spec', [...NODE, ...nodeFiles('')]],
  ['vitest5.txt', 'vitest', VITEST.filter((line) => !line.includes('fine.test.js'))],
  ['vitest5-verbose.txt', 'vitest', VITEST],
  ['vitest5-dot.txt', 'vitest', [...VITEST_FAILED.map((line) => line.replace(' #2', '')), ...VITEST_HOOKS]],
  ['vitest5-tap.tap', 'tap', VITEST],
  ['vitest5-junit.xml', 'junit', VITEST],
  ['vitest1.txt', 'vitest', [...VITEST_FAILED.map((line) => line.replace(' #2', '')), ...VITEST_HOOKS]],
  ['vitest1-verbose.txt', 'vitest', [...VITEST_FAILED, ...VITEST_HOOKS, ...VITEST_REST]],
  ['jest30.txt', 'jest', [...JEST_FAILED, 'f test/math.test.js::(hook)', 'f test/math.test.js::adds']],
  ['jest27.txt', 'jest', [...JEST_FAILED, 'f test/math.test.js::(hook)', 'f test/math.test.js::adds']],
  [
    'jest30-verbose.txt',
    'jest',
    [
      ...JEST_FAILED,
      'f test/math.test.js::(hook)',
      'f test/math.test.js::adds',
      'p test/fine.test.js::passes',
      'p test/nested.test.js::outer > inner > passes',
      's test/nested.test.js::outer > comes later',
      's test/nested.test.js::outer > inner > is skipped',
    ],
  ],
  [
    'mocha12-spec.txt',
    'mocha-spec',
    [
      'f adds',
      'f numbers > of another base > reads base 8',
      ...MOCHA_HOOKS,
      's numbers > divides',
      's numbers > takes roots',
    ],
  ],
  ['mocha12-dot.txt', 'mocha-spec', ['f adds', 'f numbers > of another base > reads base 8', ...MOCHA_HOOKS]],
  ['pytest9.txt', 'pytest', [...PYTEST_FAILED, PYTEST9_SUBTEST]],
  ['pytest9-quiet.txt', 'pytest', [...PYTEST_FAILED, PYTEST9_SUBTEST]],
  ['pytest9-verbose.txt', 'pytest', [...PYTEST, PYTEST9_SUBTEST, `p ${PYTEST_SUBTESTS}`]],
  [
    'pytest9-all.txt',
    'pytest',
    [...PYTEST.filter((line) => !line.includes('divides')), PYTEST9_SUBTEST, `p ${PYTEST_SUBTESTS}`],
  ],
  ['pytest9-collection.txt', 'pytest', PYTEST_FAILED.filter((line) => line.endsWith('(file)'))],
  ['pytest9-xunit1.xml', 'junit', [...PYTEST, `f ${PYTEST_SUBTESTS}`]],
  ['pytest8.txt', 'pytest', [...PYTEST_FAILED, `f ${PYTEST_SUBTESTS}`]],
  ['pytest8-verbose.txt', 'pytest', [...PYTEST, `f ${PYTEST_SUBTESTS}`]],
  ['cargo1.95-stdout.txt', 'cargo', [...CARGO, 'p adds', 'p src/lib.rs - add (line 3)']],
  [
    'cargo1.95.txt',
    'cargo',
    [
      ...CARGO.map((line) => `${line.slice(0, 2)}sample src/lib.rs > ${line.slice(2)}`),
      'p outer tests/outer.rs > adds',
      'p sample documentation > src/lib.rs - add (line 3)',
    ],
  ],
  [
    'go.json',
    'go-json',
    [
      'f example.com/sample/broken > (file)',
      'f example.com/sample/exits > (process exit)',
      'f example.com/sample/sums > TestPanics',
      'f example.com/sample/sums > TestTable',
      'f example.com/sample/sums > TestTable > two_and_two',
      'p example.com/sample/exits > TestFine',
      'p example.com/sample/sums > TestAdds',
      's example.com/sample/sums > TestLater',
    ],
  ],
  [
    'go.txt',
    'go',
    [
      'f example.com/sample/broken > (file)',
      'f example.com/sample/sums > TestTable',
      'f example.com/sample/sums > TestTable > two_and_two',
    ],
  ],
  [
    'go-verbose.txt',
    'go',
    [
      'f example.com/sample/sums > TestTable',
      'f example.com/sample/sums > TestTable > two_and_two',
      'p example.com/sample/sums > TestAdds',
      's example.com/sample/sums > TestLater',
    ],
  ],
];

describe('a recorded report', () => {
  it.each(EXPECTED)('%s is understood as %s, test by test', async (file, format, expected) => {
    const report = await printed(recorded(file));
    expect(report.format).toBe(format);
    expect(outcomes(report).map((line) => line.replace(' node-test/', ' node-test/'))).toEqual([...expected].sort());
  });

  it.each(unittestVersions)('of unittest %s names every test with -v, and what failed without', async (version) => {
    const subtest = version === '2.7.18' ? [] : [SUBTEST];
    const verbose = await printed(recorded(`unittest-${version}-verbose.txt`));
    expect(outcomes(verbose)).toEqual([...UNITTEST, ...subtest].sort());
    const short = outcomes(await printed(recorded(`unittest-${version}.txt`)));
    expect(short.filter((line) => !line.includes('unexpectedly'))).toEqual([...UNITTEST_FAILED, ...subtest].sort());
  });

  it.each(['vitest5-json.json', 'jest30-json.json', 'jest27-json.json', 'mocha12-json.json', 'mocha9-json.json'])(
    '%s names files, suites and tests',
    async (file) => {
      const report = outcomes(await printed(recorded(file)));
      const folder = file.replace(/\d.*/, '');
      expect(report).toEqual(
        expect.arrayContaining([
          `p ${folder}/test/math.test.js::adds`,
          `f ${folder}/test/math.test.js::adds #2`,
          `p ${folder}/test/math.test.js::numbers > multiplies`,
          `s ${folder}/test/math.test.js::numbers > divides`,
        ]),
      );
    },
  );

  it.each(['mocha12-xunit.xml', 'node24-junit.xml', 'node20-junit.xml', 'mocha12-tap.tap'])(
    '%s is read',
    async (file) => {
      const report = await printed(recorded(file));
      expect(report.tests!.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThanOrEqual(4);
      expect(report.tests!.every(({ outcome, message }) => outcome === 'failed' || message === undefined)).toBe(true);
    },
  );

  it.each([
    ['node24.tap', 'adds #2', /Expected values to be strictly deep-equal[\s\S]*math\.test\.js:9:27/],
    ['node24-spec.txt', 'adds #2', /AssertionError[\s\S]*math\.test\.js:9:27/],
    ['vitest5.txt', 'test/math.test.js::adds #2', /AssertionError: expected[\s\S]*test\/math\.test\.js:7:37/],
    ['jest30.txt', 'test/math.test.js::adds', /toEqual[\s\S]*- {3}"a": 2[\s\S]*test\/math\.test\.js:5:37/],
    ['mocha12-spec.txt', 'numbers > of another base > reads base 8', /^Error: boom[\s\S]*math\.test\.js:14:13/],
    ['unittest-3.13.0.txt', 'test_math.Numbers.test_raises', /test_math\.py", line 33[\s\S]*ValueError: boom$/],
    ['pytest9.txt', 'tests/test_math.py::test_reads_base[a b]', /assert 'a b' == 2[\s\S]*test_math\.py:17/],
    ['pytest9-xunit1.xml', 'tests/test_math.py::test_subtracts', /\{'a': 1\} == \{'a': 2\}[\s\S]*test_math\.py:12/],
    ['cargo1.95.txt', 'sample src/lib.rs > tests::adds_wrongly', /src\/lib\.rs:22:9:\nassertion/],
    ['go.json', 'example.com/sample/sums > TestTable > two_and_two', /sums_test\.go:14: got 5, want 4/],
    ['go-verbose.txt', 'example.com/sample/sums > TestTable > two_and_two', /^sums_test\.go:14: got 5, want 4$/],
  ])('%s keeps the assertion and the frames of `%s`', async (file, id, expected) => {
    const report = await printed(recorded(file));
    expect(report.tests!.find((test) => test.id === id)?.message).toMatch(expected);
  });

  it('with CRLF line ends or invalid bytes says the same', async () => {
    for (const [file] of EXPECTED) {
      const text = recorded(file);
      const expected = outcomes(await printed(text));
      expect(outcomes(await printed(text.replaceAll('\n', '\r\n'))), file).toEqual(expected);
      const noise = `${Buffer.from([0xff, 0xfe, 0x80]).toString('utf8')}\n`;
      if (!/\.(xml|json)$/.test(file))
        expect(outcomes(await printed(`${noise}${text}${noise}`)), file).toEqual(expected);
    }
  });

  it('says in one line why nothing ran', async () => {
    expect((await printed(recorded('pytest9-collection.txt'))).problem).toMatch(/SyntaxError|ModuleNotFoundError/);
    expect((await printed(recorded('pytest9.txt'))).problem).toBeUndefined();
    const build =
      'error[E0425]: cannot find value `x`\n --> src/lib.rs:1:1\nerror: could not compile `a` (lib) due to 1 error\n';
    expect(await printed(build, 101)).toMatchObject({
      format: 'cargo',
      tests: [],
      problem: 'error[E0425]: cannot find value `x`',
    });
    expect((await printed('\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n', 5)).problem).toMatch(/no tests/i);
    expect((await printed('TAP version 13\n1..0\n', 0)).problem).toBe('no tests were found');
    expect((await printed('sh: 1: frob: command not found\n', 127)).problem).toMatch(/frob: command not found/);
  });
});
