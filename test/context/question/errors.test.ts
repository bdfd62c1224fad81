import { describe, expect, it } from 'vitest';
import { distil } from '../../../src/context/question/errors.ts';

const PYTEST = `============================= test session starts ==============================
platform linux -- Python 3.12.1, pytest-8.0.0
collected 214 items

tests/test_a.py ....F.....                                              [ 10%]
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
        cart = Cart()
>       assert cart.total() == 3
E       AssertionError: assert 4 == 3
E        +  where 4 = total()

tests/test_a.py:9: AssertionError
=========================== short test summary info ============================
FAILED tests/test_a.py::test_total - AssertionError: assert 4 == 3
`;

describe('distilling the output of failing tests', () => {
  it('keeps assertion, frame, and test, and drops progress and rulers', () => {
    const { text, tests, frames } = distil([PYTEST]);
    expect(text).toContain('E       AssertionError: assert 4 == 3');
    expect(text).toContain('>       assert cart.total() == 3');
    expect(text).toContain('tests/test_a.py:9: AssertionError');
    expect(text).not.toMatch(/platform|collected|\[ 10%\]|====/);
    expect(tests).toContainEqual({ name: 'test_total', path: 'tests/test_a.py' });
    expect(frames).toContainEqual(expect.objectContaining({ path: 'tests/test_a.py', line: 9 }));
  });

  it('is done with rulers that name no test', () => {
    const { tests } = distil([
      Array(2_000)
        .fill(`${'_'.repeat(390)}|`)
        .join('\n'),
    ]);
    expect(tests).toEqual([]);
  });

  it('folds what repeats but for numbers', () => {
    const log = Array.from({ length: 5_000 }, (_, i) => `Error: cannot read ${i} at 0x${i.toString(16)}`);
    const { text, linesIn, linesOut } = distil([log.join('\n')]);
    expect(linesIn).toBe(5_000);
    expect(linesOut).toBeLessThanOrEqual(3);
    expect(text).toMatch(/\(× \d+\)/);
  });

  it('is bounded whatever comes in, and prefers what failed to what was said', () => {
    const chatter = Array.from(
      { length: 3_000 },
      (_, i) => `chatter ${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10) % 10]} ${'x'.repeat(i % 97)}`,
    );
    const { text } = distil([[...chatter, 'TypeError: x is not a function', ...chatter].join('\n')], 50);
    expect(text.split('\n').length).toBeLessThanOrEqual(50);
    expect(text).toContain('TypeError: x is not a function');
  });

  it('cuts lines that are far too long and says by how much', () => {
    const { text } = distil([`Error: ${'y'.repeat(100_000)}`]);
    expect(text.length).toBeLessThan(600);
    expect(text).toContain('more characters');
  });

  it('takes colours out', () => {
    const esc = String.fromCharCode(27);
    expect(distil([`${esc}[31mError: red${esc}[0m`]).text).toBe('Error: red');
  });

  it('keeps frames of Python, JavaScript and Java with the source lines quoted below', () => {
    const { text, frames } = distil([
      'Traceback (most recent call last):\n  File "src/a.py", line 3, in f\n    return g()\nValueError: bad\n',
      'TypeError: no\n    at f (src/b.js:4:5)\n',
      'java.lang.IllegalStateException: no\n\tat com.acme.A.b(A.java:7)\n',
    ]);
    expect(text).toContain('    return g()');
    expect(frames.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'src/a.py:3',
      'src/b.js:4',
      'com/acme/A.java:7',
    ]);
  });

  it('knows the names that runners give to failing tests', () => {
    const names = (line: string): string[] => distil([line]).tests.map(({ name, path }) => `${path ?? ''}|${name}`);
    expect(names('[ERROR]   WalkTest.trots:69 expected: <1> but was: <2>')).toEqual(['WalkTest|trots']);
    expect(names('[ERROR] zoo.WalkTest.trots -- Time elapsed: 0.01 s <<< FAILURE!')).toEqual(['zoo/WalkTest|trots']);
    expect(names('zoo.WalkTest$Young > trots() FAILED')).toEqual(['zoo/WalkTest|trots']);
    expect(names('  Failed Zoo.WalkTests.Trots(gait: 1) [12 ms]')).toEqual(['Zoo/WalkTests|Trots']);
    expect(names('1) Zoo\\Tests\\WalkTest::testTrot')).toEqual(['Zoo/Tests/WalkTest|testTrot']);
    expect(names('rspec ./spec/walk_spec.rb:12 # Walk trots')).toEqual(['./spec/walk_spec.rb|Walk trots']);
    expect(names('1) walks slowly')).toEqual(['|walks slowly']);
    expect(names('FAIL: test_x (app.tests.test_models.Case)')).toEqual(['app/tests/test_models.py|test_x']);
    expect(names('not ok 3 - adds numbers')).toEqual(['|adds numbers']);
    expect(names('--- FAIL: TestParse (0.00s)')).toEqual(['|TestParse']);
    expect(names('  ● Cart › adds')).toEqual(['|Cart › adds']);
    expect(names(' FAIL  test/cart.test.ts > adds')).toEqual(['test/cart.test.ts|adds']);
  });

  it('of nothing is nothing', () => {
    expect(distil([])).toEqual({ text: '', frames: [], tests: [], linesIn: 0, linesOut: 0 });
  });
});
