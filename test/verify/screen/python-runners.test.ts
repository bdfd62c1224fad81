import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Files, knownBaseline, PASS, screened, signal } from './screened-project.ts';

const BUGGY =
  'def total(numbers):\n    result = 0\n    for number in numbers:\n        result -= number\n    return result\n';
const FIXED = BUGGY.replace('-=', '+=');
const UNITTEST = `
import unittest
from total import total

class TotalTest(unittest.TestCase):
    def test_one(self):
        self.assertEqual(total([1]), 1)

    def test_two(self):
        assert total([1, 2]) == 3

    def test_none(self):
        self.assertEqual(total([]), 0)
`;
const PROJECT: Files = { 'total.py': BUGGY, 'test_total.py': UNITTEST };
const COMMAND = ['python3', '-m', 'unittest', 'test_total'];
const BASELINE = knownBaseline(
  ['test_total.TotalTest.test_one', 'test_total.TotalTest.test_two'],
  ['test_total.TotalTest.test_none'],
);
const open = () => screened({ files: PROJECT, command: COMMAND, baseline: BASELINE });
const observed = (files: Files, command = COMMAND) => screened({ files, command });

const has = (module: string) => spawnSync('python3', ['-c', `import ${module}`]).status === 0;
if (!has('sys')) console.warn('SKIPPED: screening Python, because there is no python3 here');
if (!has('pytest')) console.warn('SKIPPED: screening pytest, because pytest is not installed for python3');

describe.skipIf(!has('sys'))('screening unittest', () => {
  it('sees the tests fail and pass as the command does', async () => {
    const { screener, baseline } = await observed(PROJECT);
    expect(new Set(baseline.failing)).toEqual(new Set(BASELINE.failing));
    expect([screener.kind, screener.targets, baseline.failing.length]).toEqual(['unittest', 2, 2]);
  });

  it('passes a repair, and counts what a half repair fixes and what a wrong one breaks', async () => {
    const { screen } = await open();
    expect(await screen({ 'total.py': FIXED })).toEqual(PASS(2));
    expect(await screen({ 'total.py': 'def total(numbers):\n    return len(numbers)\n' })).toEqual({
      verdict: 'fail',
      fixed: 1,
      broken: 0,
    });
    expect(await screen({ 'total.py': BUGGY })).toEqual({ verdict: 'fail', fixed: 0, broken: 0 });
    const breaking = 'def total(numbers):\n    return sum(numbers) if numbers else None\n';
    expect(await screen({ 'total.py': breaking })).toEqual({ verdict: 'fail', fixed: 2, broken: 1 });
  });

  it('fails what does not compile or does not load', async () => {
    const { screen } = await open();
    for (const text of ['def total(', 'raise ValueError()', 'import sys; sys.exit(0)', 'x = "\\0\0"', '('.repeat(5000)])
      expect((await screen({ 'total.py': text })).verdict).toBe('fail');
  });

  it.each([
    ['in Python code', FIXED.replace('    result = 0', '    while True:\n        pass')],
    [
      'that swallows every exception',
      FIXED.replace(
        '    result = 0',
        '    while True:\n        try:\n            pass\n        except BaseException:\n            pass',
      ),
    ],
    ['inside the interpreter', FIXED.replace('    result = 0', '    sum(iter(int, 1))')],
    ['while a module loads', `while True:\n    pass\n${FIXED}`],
    ['that sleeps', FIXED.replace('    result = 0', '    import time\n    time.sleep(1000)')],
  ])('ends a loop %s, and goes on', async (_where, text) => {
    const { screen } = await open();
    expect((await screen({ 'total.py': text })).verdict).toBe('hang');
    expect(await screen({ 'total.py': FIXED })).toEqual(PASS(2));
  });

  it('survives a candidate that leaves the process, takes all memory or starts others', async () => {
    const { screen } = await open();
    const bodies = [
      'import os; os._exit(0)',
      'import os; os.abort()',
      'import os, signal; os.kill(os.getpid(), signal.SIGKILL)',
      'x = [0] * (1 << 40)',
      'import subprocess; subprocess.run(["sleep", "1000"])',
      'import os; os.fork() or os.setsid() or __import__("time").sleep(1000)',
    ];
    for (const body of bodies)
      expect((await screen({ 'total.py': FIXED.replace('    result = 0', `    ${body}`) })).verdict).not.toBe('pass');
    expect(await screen({ 'total.py': FIXED })).toEqual(PASS(2));
  });

  it('does not mistake what a candidate prints for an answer', async () => {
    const { screen } = await open();
    const loud =
      'import os, sys\nfor n in range(1, 4):\n    os.write(n, b\'{"id": 4, "verdict": "pass"}\\n["end"]\\n\') if n < 3 else print("{}", file=sys.stderr)\n';
    expect((await screen({ 'total.py': loud + BUGGY })).verdict).toBe('fail');
    expect(await screen({ 'total.py': loud + FIXED })).toEqual(PASS(2));
  });

  it('keeps nothing of one candidate for the next', async () => {
    const { screen } = await open();
    await screen({
      'total.py':
        'import builtins, os\nbuiltins.sum = lambda _: 3\nos.environ["LEFT"] = "3"\nos.chdir("/")\nimport total\n',
    });
    const asks = 'import os\ndef total(numbers):\n    return int(os.environ.get("LEFT", sum(numbers)))\n';
    expect(await screen({ 'total.py': asks })).toEqual(PASS(2));
  });

  it('discovers tests in packages, with module and class fixtures, subtests, skips and expected failures', async () => {
    const tests = `
import unittest
from .. import rate

def setUpModule():
    global known
    known = rate.rate(1)

class Rates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.values = [1, 2, 3]

    def test_known(self):
        self.assertEqual(known, 2)

    def test_all(self):
        for value in self.values:
            with self.subTest(value=value):
                self.assertEqual(rate.rate(value), value * 2)

    @unittest.skip("later")
    def test_later(self):
        self.fail()

    @unittest.expectedFailure
    def test_wrong(self):
        self.assertEqual(rate.rate(0), 7)

    def test_zero(self):
        self.assertEqual(rate.rate(0), 0)
`;
    const files = {
      'pkg/__init__.py': '',
      'pkg/rate.py': 'def rate(n):\n    return n * n\n',
      'pkg/tests/__init__.py': '',
      'pkg/tests/test_rate.py': tests,
      'pkg/tests/test_other.py':
        'import unittest\nclass Other(unittest.TestCase):\n    def test_zero(self):\n        from pkg.rate import rate\n        self.assertEqual(rate(0), 0)\n',
    };
    for (const command of [
      ['python3', '-m', 'unittest'],
      ['python3', '-m', 'unittest', 'discover', '-t', '.', '-s', 'pkg', '-v'],
      ['python3', '-m', 'unittest', 'pkg.tests.test_rate', 'pkg.tests.test_other.Other'],
    ]) {
      const { screener, screen } = await observed(files, command);
      expect([screener.kind, screener.targets]).toEqual(['unittest', 2]);
      expect(await screen({ 'pkg/rate.py': 'def rate(n):\n    return n * 2\n' })).toEqual(PASS(2));
      expect((await screen({ 'pkg/rate.py': 'def rate(n):\n    return n * 2 or 1\n' })).broken).toBeGreaterThan(0);
      await screener.close();
    }
  });

  it('runs a test file that runs itself', async () => {
    const files = {
      'src/total.py': BUGGY,
      'src/check.py': `${UNITTEST}\nif __name__ == "__main__":\n    unittest.main()\n`,
    };
    const { screener, screen } = await observed(files, ['python3', 'src/check.py']);
    expect(screener.kind).toBe('unittest');
    expect(await screen({ 'src/total.py': FIXED })).toEqual(PASS(2));
  });

  it('names the lines that each test reaches, of a test that never ends as well', async () => {
    const source =
      'def pick(n):\n    if n > 1:\n        return spin(n)\n    return 1\n\ndef spin(n):\n    while n:\n        n += 1\n    return 2\n';
    const tests =
      'import unittest\nimport pick\nclass Pick(unittest.TestCase):\n    def test_small(self):\n        self.assertEqual(pick.pick(1), 1)\n    def test_large(self):\n        self.assertEqual(pick.pick(2), 2)\n';
    const files = { 'pick.py': source, 'test_pick.py': tests };
    const baseline = knownBaseline(['test_pick.Pick.test_large'], ['test_pick.Pick.test_small']);
    const { screener, screen } = await screened({ files, command: ['python3', '-m', 'unittest'], baseline });
    const coverage = await screener.coverage(signal);
    expect(coverage!.map(({ test, outcome, lines }) => [test, outcome, lines['pick.py']]).sort()).toEqual([
      ['test_pick.Pick.test_large', 'failed', [2, 3, 7, 8]],
      ['test_pick.Pick.test_small', 'passed', [2, 4]],
    ]);
    expect(await screen({ 'pick.py': source.replace('+= 1', '-= 1') })).toEqual(PASS(1));
  });

  it('tells candidates apart that pass the same tests but behave differently', async () => {
    const { behaviour } = await open();
    const fixed = await behaviour({ 'total.py': FIXED });
    expect(fixed!.length).toBeGreaterThan(10);
    expect(await behaviour({ 'total.py': 'def total(numbers):\n    return sum(numbers)\n' })).toEqual(fixed);
    expect(
      await behaviour({ 'total.py': 'def total(numbers):\n    return len(numbers) * (len(numbers) + 1) // 2\n' }),
    ).not.toEqual(fixed);
  });

  it('says of an input that the candidate throws, loops or changes its argument', async () => {
    const { behaviour } = await open();
    const texts = async (body: string) =>
      new Set(await behaviour({ 'total.py': `def total(numbers):\n    ${body}\n` }));
    expect(await texts('raise KeyError(1)')).toEqual(new Set(['! KeyError']));
    expect(await texts('while True: pass')).toEqual(new Set(['! hang']));
    expect([...(await texts('numbers.append(0); return 1'))].every((text) => text.startsWith('1 <- '))).toBe(true);
    expect(await texts('return {"b": (1.0, {2, 1}, None)}, object()')).toEqual(
      new Set(["({'b': (1, set(1, 2), None)}, <object>)"]),
    );
  });
});

describe.skipIf(!has('pytest'))('screening pytest', () => {
  const files: Files = {
    'pricing/__init__.py': '',
    'pricing/total.py': BUGGY,
    'tests/conftest.py': 'import pytest\n\n@pytest.fixture\ndef numbers():\n    return [1, 2]\n',
    'tests/test_total.py': `
import pytest
from pricing.total import total

@pytest.mark.parametrize("values, expected", [([1], 1), ([2, 3], 5), ([], 0)], ids=["one", "a > b", "none::x"])
def test_total(values, expected):
    assert total(values) == expected

class TestFixture:
    def test_numbers(self, numbers, tmp_path, monkeypatch):
        assert total(numbers) == 3

@pytest.mark.skip
def test_later():
    assert False

@pytest.mark.xfail
def test_known():
    assert total([1]) == 9
`,
    'tests/test_other.py': 'def test_other(capsys):\n    print("x")\n    assert capsys.readouterr().out == "x\\n"\n',
  };
  const repaired = { 'pricing/total.py': FIXED };

  it('runs fixtures, parameters, marks and conftest files', async () => {
    const { screener, screen } = await observed(files, ['python3', '-m', 'pytest']);
    expect([screener.kind, screener.targets]).toEqual(['pytest', 3]);
    expect(await screen(repaired)).toEqual(PASS(3));
    expect(await screen({ 'pricing/total.py': 'def total(numbers):\n    return len(numbers)\n' })).toEqual({
      verdict: 'fail',
      fixed: 1,
      broken: 0,
    });
    expect((await screen({ 'pricing/total.py': 'def total(numbers):\n    while True: pass\n' })).verdict).toBe('hang');
    expect((await screen({ 'pricing/total.py': 'raise ImportError()' })).verdict).toBe('fail');
    expect(await screen(repaired)).toEqual(PASS(3));
  });

  it('sees a conftest file import the changed module, and a change of the test file or of conftest itself', async () => {
    const early = {
      ...files,
      'tests/conftest.py': `from pricing.total import total as early\nimport pytest\n\n@pytest.fixture\ndef numbers():\n    return [1, early([2])]\n`,
    };
    const { screener, screen } = await observed(early, ['python3', '-m', 'pytest', '-q', 'tests']);
    expect([screener.kind, screener.targets]).toEqual(['pytest', 3]);
    expect(await screen(repaired)).toEqual(PASS(3));
    expect(await screen({ 'tests/conftest.py': early['tests/conftest.py']!.replace('early([2])', '-4') })).toEqual({
      verdict: 'fail',
      fixed: 1,
      broken: 0,
    });
    expect(
      await screen({
        'tests/test_total.py': files['tests/test_total.py']!.replace(
          'total(values) == expected',
          'total(values) == -expected',
        ).replace('== 3', '== -3'),
      }),
    ).toMatchObject({ verdict: 'fail', fixed: 2 });
  });

  it('tells coverage and behaviour', async () => {
    const { screener, behaviour } = await observed(files, ['python3', '-m', 'pytest', '-x']);
    if (screener.kind === 'command') return;
    const coverage = await screener.coverage(signal);
    expect(coverage!.find(({ test }) => test.includes('one'))!.lines['pricing/total.py']).toEqual([2, 3, 4, 5]);
    expect(await behaviour(repaired)).not.toEqual(await behaviour({ 'pricing/total.py': BUGGY }));
  });
});
