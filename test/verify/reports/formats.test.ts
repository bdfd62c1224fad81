import { describe, expect, it } from 'vitest';
import { outcomes, printed } from './recorded.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

describe('TAP', () => {
  it('reads directives in any case and escaped hashes', async () => {
    const report = await printed(
      lines(
        'TAP version 14',
        '1..6',
        'ok 1 - a \\# b',
        'ok 2 - c # skip later',
        'not ok 3 - d # TODO',
        'ok 4',
        'not ok 5 e',
        'ok 6 - f # time=2ms',
      ),
    );
    expect(outcomes(report)).toEqual(['f e', 'p 4', 'p a # b', 'p f', 's c', 's d']);
  });

  it('reads subtests before and after their result', async () => {
    const before = lines(
      'TAP version 13',
      '# Subtest: s',
      '    ok 1 - a',
      '    not ok 2 - b',
      '    1..2',
      'not ok 1 - s',
      '1..1',
    );
    const after = lines(
      'TAP version 13',
      'not ok 1 - s {',
      '    ok 1 - a',
      '    not ok 2 - b',
      '    1..2',
      '}',
      'ok 2 - t',
      '1..2',
    );
    expect(outcomes(await printed(before))).toEqual(['f s > b', 'p s > a']);
    expect(outcomes(await printed(after))).toEqual(['f s > b', 'p s > a', 'p t']);
  });

  it('reads subtests of subtests from the first result on, as node prints them', async () => {
    const text = lines(
      'TAP version 13',
      '# Subtest: outer',
      '    # Subtest: inner',
      '        # Subtest: leaf',
      '        ok 1 - leaf',
      '        # Subtest: bad',
      '        not ok 2 - bad',
      '        1..2',
      '    not ok 1 - inner',
      '    1..1',
      'not ok 1 - outer',
      '# Subtest: second',
      '        ok 1 - leaf',
      '    ok 1 - inner',
      '    ok 2 - beside',
      'ok 2 - second',
      '1..2',
    );
    expect(outcomes(await printed(text))).toEqual([
      'f outer > inner > bad',
      'p outer > inner > leaf',
      'p second > beside',
      'p second > inner > leaf',
    ]);
  });

  it('loses no subtest that stands deeper than it need', async () => {
    const text = lines('TAP version 13', '        not ok 1 - deep', 'not ok 1 - outer', '1..1');
    expect(outcomes(await printed(text))).toEqual(['f outer > deep']);
  });

  it('fails a suite that failed though none of its tests did', async () => {
    const text = lines(
      'TAP version 13',
      '    ok 1 - a',
      '    1..1',
      'not ok 1 - s',
      '  ---',
      '  error: after',
      '  ...',
      '1..1',
    );
    const report = await printed(text);
    expect(outcomes(report)).toEqual(['f s > (hook)', 'p s > a']);
    expect(report.tests!.find(({ outcome }) => outcome === 'failed')?.message).toBe('error: after');
  });

  it('is no pass with fewer results than planned, without a plan, or after a bail-out', async () => {
    for (const text of [
      lines('1..3', 'ok 1 - a'),
      lines('TAP version 13', 'ok 1 - a'),
      lines('1..1', 'ok 1 - a', 'Bail out! disk'),
    ])
      expect(outcomes(await printed(text, 0))).toEqual(['f (process exit)', 'p a']);
    expect(outcomes(await printed(lines('1..1', 'ok 1 - a'), 0))).toEqual(['p a']);
  });
});

describe('JUnit XML', () => {
  const suite = (inner: string) =>
    `<?xml version="1.0"?>\n<testsuites><testsuite name="s">${inner}</testsuite></testsuites>`;

  it('reads classes, entities, CDATA and comments', async () => {
    const report = await printed(
      suite(
        '<!-- <testcase name="no"/> --><testcase classname="com.x.ATest" name="a &lt;b&gt; &#65;&#x42;"/>' +
          '<testcase classname="c" name="d" time="0.5"><failure message="m > n"><![CDATA[<stack> ]]>at x</failure></testcase>' +
          '<testcase classname="c" name="e"><error type="T">boom</error></testcase><testcase name="f"><skipped/></testcase>',
      ),
    );
    expect(outcomes(report)).toEqual(['f c > d', 'f c > e', 'p com.x.ATest > a <b> AB', 's s > f']);
    expect(report.tests!.find(({ id }) => id === 'c > d')).toMatchObject({ ms: 500, message: 'm > n\n<stack> at x' });
  });

  it('takes what a test printed for no result', async () => {
    const report = await printed(
      suite('<testcase classname="c" name="a"><system-out>&lt;failure/&gt;</system-out></testcase>'),
      0,
    );
    expect(outcomes(report)).toEqual(['p c > a']);
  });

  it('does not count a test that is cut off as passed', async () => {
    const report = await printed(
      '<testsuites><testsuite name="s"><testcase classname="c" name="a"/><testcase classname="c" name="b">',
      0,
    );
    expect(outcomes(report)).toEqual(['f (process exit)', 'p c > a']);
  });

  it('finds the report after other output', async () => {
    const report = await printed(`> test\n> runner\n\n${suite('<testcase classname="c" name="a"/>')}\n`, 0);
    expect(outcomes(report)).toEqual(['p c > a']);
  });
});

describe('unittest', () => {
  it('finds the outcome behind what a test printed', async () => {
    const text = lines(
      'test_a (t.A.test_a) ... some noise',
      'more',
      'ok',
      'test_b (t.A.test_b) ... test_c (t.A.test_c) ... FAIL',
      'test_d (t.A.test_d) ... noise without end',
      'test_e (t.A.test_e) ... skipped "x"',
      '',
      '======================================================================',
      'FAIL: test_c (t.A.test_c)',
      '----------------------------------------------------------------------',
      'AssertionError: no',
      '',
      '----------------------------------------------------------------------',
      'Ran 5 tests in 0.001s',
      '',
      'FAILED (failures=1)',
    );
    const report = await printed(text);
    expect(outcomes(report)).toEqual(['f t.A.test_c', 'p t.A.test_a', 'p t.A.test_b', 'p t.A.test_d', 's t.A.test_e']);
    expect(report.tests!.find(({ outcome }) => outcome === 'failed')?.message).toBe('AssertionError: no');
  });

  it('does not believe a test passed whose outcome never came', async () => {
    const report = await printed(lines('test_a (t.A.test_a) ... ok', 'test_b (t.A.test_b) ... ', 'Ran 2 tests'), null);
    expect(report.tests?.some(({ id, outcome }) => id === 't.A.test_b' && outcome === 'passed') ?? false).toBe(false);
  });
});

describe('Go', () => {
  it('says a package that does not build cannot be loaded', async () => {
    const report = await printed(
      lines('# example.com/a', './a.go:3:1: syntax error', 'FAIL\texample.com/a [build failed]', 'FAIL'),
    );
    expect(outcomes(report)).toEqual(['f example.com/a > (file)']);
    expect(report.problem).toMatch(/syntax error|build failed/);
  });

  it('is no pass when the process of passing tests exits badly', async () => {
    const report = await printed(
      lines('=== RUN   TestA', '--- PASS: TestA (0.00s)', 'exit status 2', 'FAIL\texample.com/a\t0.1s'),
    );
    expect(outcomes(report)).toEqual(['f example.com/a > (process exit)', 'p example.com/a > TestA']);
  });
});

describe('JavaScript runners', () => {
  it('names mocha’s passing tests where the marks add up', async () => {
    const text = lines(
      '',
      '  sums',
      '    ✔ adds (12ms)',
      '    deep',
      '      ✔ works',
      '  ✔ at the top',
      '',
      '',
      '  3 passing (5ms)',
      '',
    );
    expect(outcomes(await printed(text, 0))).toEqual(['p at the top', 'p sums > adds', 'p sums > deep > works']);
  });

  it('knows jest’s repeated summary for what it is', async () => {
    const block = ['FAIL ./a.test.js', '  ● a › b', '', '    no', ''];
    const report = await printed(
      lines(
        ...block,
        'Summary of all failing tests',
        ...block,
        'Test Suites: 1 failed, 1 total',
        'Tests:       1 failed, 1 total',
      ),
    );
    expect(outcomes(report)).toEqual(['f a.test.js::a > b']);
  });
});

describe('mocha’s JSON', () => {
  it('fails a test that is in no list of those that passed or were skipped, whatever its error holds', async () => {
    const entry = (title: string) => ({ title, fullTitle: `s ${title}`, file: '/project/a.js', err: {} });
    const [good, bad, later] = ['good', 'bad', 'later'].map(entry);
    const all = { tests: [good, bad, later], pending: [later], failures: [bad], passes: [good] };
    const report = await printed(`${JSON.stringify({ stats: {}, ...all }, null, 2)}\n`);
    expect(outcomes(report)).toEqual(['f a.js::s > bad', 'p a.js::s > good', 's a.js::s > later']);
  });
});

describe('JUnit’s XML of other writers', () => {
  it('has attributes in single quotes, and tests that were not run', async () => {
    const report = await printed(
      lines(
        '<testsuites><testsuite name="s">',
        "<testcase name='a > b' classname='test'/>",
        '<testcase name="c" classname="test" status="notrun"/>',
        '<testcase name="d" classname="test" result="suppressed"/>',
        '</testsuite></testsuites>',
      ),
      0,
    );
    expect(outcomes(report)).toEqual(['p s > a > b', 's s > c', 's s > d']);
  });
});
