import fc from 'fast-check';

/** A test as some runner ran it. */
export interface Ran {
  readonly suites: readonly string[];
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** Parts of names that look like something else to a reader of reports. */
const PIECES = [
  ...['adds', 'two words', 'a.b', 'é🙂', '1', '(1)', '[x]', "it's", 'ok', 'not ok', 'FAIL', 'skip', '# skip', '#1'],
  ...['a "b"', '<b>', '&amp;', '&', '... ok', '--- PASS:', '1..2', '{', '}', '\\', '\\#', 'a, b', '100%', '- x', '✔'],
];
/** Names as people write them. */
export const NAMES = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(' '));
/** A name as languages allow for functions. */
export const WORD = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const outcome = fc.constantFrom('passed' as const, 'failed' as const, 'skipped' as const);
const message = fc.constantFrom('expected 1 to be 2', 'AssertionError: <1> & "2"', 'line one\n  line two', ']]> 🙂');

/** Tests with no two of one name. */
export function suiteOf(names: fc.Arbitrary<string>): fc.Arbitrary<Ran[]> {
  const test = fc.record({ suites: fc.array(names, { minLength: 1, maxLength: 2 }), name: names, outcome, message });
  const key = ({ suites, name: own }: Ran) => JSON.stringify([...suites, own]);
  return fc.uniqueArray(test, { selector: key, minLength: 1, maxLength: 6 }).filter(noSuiteIsATest);
}

function noSuiteIsATest(tests: readonly Ran[]): boolean {
  const names = new Set(tests.map(({ suites, name: own }) => JSON.stringify([...suites, own])));
  return tests.every(({ suites }) => suites.every((_, at) => !names.has(JSON.stringify(suites.slice(0, at + 1)))));
}

const entities = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('#', '\\#');
const lines = (all: readonly unknown[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');

/** Tests as each runner with a format for machines prints them. */
export const PRINTERS: Readonly<Record<string, (tests: readonly Ran[]) => string>> = {
  events: (tests) =>
    lines([
      ...tests.map(({ suites, name: own, ...rest }) => ({ maestro: 1, path: [...suites, own], ...rest })),
      { maestro: 1, end: true },
    ]),
  junit: (tests) => {
    const verdict = ({ outcome: how, message: said }: Ran) =>
      how === 'failed'
        ? `<failure message="${entities(said.split('\n')[0]!)}">${entities(said)}</failure>`
        : how === 'skipped'
          ? '<skipped/>'
          : '<system-out>&lt;failure&gt; ok</system-out>';
    const open = (suites: readonly string[]) => suites.map((suite) => `<testsuite name="${entities(suite)}">`).join('');
    const close = (suites: readonly string[]) => suites.map(() => '</testsuite>').join('');
    const cases = tests.map(
      (test) =>
        `${open(test.suites)}<testcase name="${entities(test.name)}" classname="test" time="0.1">${verdict(test)}</testcase>${close(test.suites)}`,
    );
    return `<?xml version="1.0"?>\n<testsuites>\n${cases.join('\n')}\n</testsuites>\n`;
  },
  'jest-json': (tests) => {
    const status = { passed: 'passed', failed: 'failed', skipped: 'pending' };
    const assertionResults = tests.map(({ suites, name: title, outcome: how, message: said }) => ({
      ...{ ancestorTitles: suites, title, fullName: [...suites, title].join(' '), status: status[how] },
      failureMessages: how === 'failed' ? [said] : [],
    }));
    const failing = tests.some(({ outcome: how }) => how === 'failed');
    const file = { name: '/project/a.test.js', status: failing ? 'failed' : 'passed', assertionResults };
    return `${JSON.stringify({ numTotalTests: tests.length, testResults: [file] })}\n`;
  },
  'mocha-json': (tests) => {
    const entry = ({ suites, name: title, outcome: how, message: said }: Ran) => ({
      ...{ title, fullTitle: [...suites, title].join(' '), file: '/project/a.test.js' },
      err: how === 'failed' ? { message: said, stack: said } : {},
    });
    const of = (how: Ran['outcome']) => tests.filter(({ outcome: own }) => own === how).map(entry);
    const all = { tests: tests.map(entry), pending: of('skipped'), failures: of('failed'), passes: of('passed') };
    return `${JSON.stringify({ stats: {}, ...all }, null, 2)}\n`;
  },
  'go-json': (tests) => {
    const Package = 'example.com/p';
    const events = tests.flatMap(({ suites, name: own, outcome: how, message: said }) => {
      const Test = [...suites, own].join('/');
      const output =
        how === 'failed' ? said.split('\n').map((line) => ({ Action: 'output', Output: `${line}\n` })) : [];
      const Action = { passed: 'pass', failed: 'fail', skipped: 'skip' }[how];
      return [{ Action: 'run' }, ...output, { Action, Elapsed: 0 }].map((event) => ({ ...event, Package, Test }));
    });
    const failing = tests.some(({ outcome: how }) => how === 'failed');
    return lines([{ Action: 'start', Package }, ...events, { Action: failing ? 'fail' : 'pass', Package }]);
  },
  tap: (tests) => {
    const result = ({ suites, name: own, outcome: how, message: said }: Ran, at: number) => {
      const pad = '    '.repeat(suites.length);
      const word = how === 'failed' ? 'not ok' : 'ok';
      const block =
        how === 'failed' ? [`${pad}  ---`, ...said.split('\n').map((line) => `${pad}  ${line}`), `${pad}  ...`] : [];
      const around = suites.toReversed().map((suite, depth) => {
        const indent = '    '.repeat(suites.length - 1 - depth);
        const number = suites.length - 1 - depth === 0 ? at + 1 : 1;
        return [`${indent}    1..1`, `${indent}${word} ${number} - ${escaped(suite)}`];
      });
      return [
        `${pad}${word} 1 - ${escaped(own)}${how === 'skipped' ? ' # SKIP' : ''}`,
        ...block,
        ...around.flat(),
      ].join('\n');
    };
    return `TAP version 14\n${tests.map(result).join('\n')}\n1..${tests.length}\n`;
  },
};

/** Tests of one level, as runners print them for people, with names as their languages allow. */
export const SPOKEN: Readonly<Record<string, (tests: readonly Ran[]) => string>> = {
  unittest: (tests) => {
    const word = { passed: 'ok', failed: 'FAIL', skipped: "skipped 'later'" };
    const title = ({ suites, name: own }: Ran) => `test_${own} (${suites.join('.')}.Case.test_${own})`;
    const spoken = tests.map((test) => `${title(test)} ... ${word[test.outcome]}`);
    const failed = tests.filter(({ outcome: how }) => how === 'failed');
    const sections = failed.map(
      (test) => `${'='.repeat(70)}\nFAIL: ${title(test)}\n${'-'.repeat(70)}\n${test.message}\n\n`,
    );
    const end = failed.length > 0 ? `FAILED (failures=${failed.length})` : 'OK';
    return `${spoken.join('\n')}\n\n${sections.join('')}${'-'.repeat(70)}\nRan ${tests.length} tests in 0.001s\n\n${end}\n`;
  },
  go: (tests) => {
    const word = { passed: 'PASS', failed: 'FAIL', skipped: 'SKIP' };
    const spoken = tests.map(({ suites, name: own, outcome: how, message: said }) => {
      const test = `Test${suites.join('_')}_${own}`;
      const told = how === 'failed' ? `    a_test.go:3: ${said.split('\n')[0]}\n` : '';
      return `=== RUN   ${test}\n${told}--- ${word[how]}: ${test} (0.00s)`;
    });
    const failing = tests.some(({ outcome: how }) => how === 'failed');
    return `${spoken.join('\n')}\n${failing ? 'FAIL' : 'PASS'}\n${failing ? 'FAIL' : 'ok  '}\texample.com/p\t0.002s\n`;
  },
  cargo: (tests) => {
    const word = { passed: 'ok', failed: 'FAILED', skipped: 'ignored' };
    const path = ({ suites, name: own }: Ran) => [...suites, own].join('::');
    const spoken = tests.map((test) => `test ${path(test)} ... ${word[test.outcome]}`);
    const failed = tests.filter(({ outcome: how }) => how === 'failed');
    const told = failed.map((test) => `---- ${path(test)} stdout ----\n${test.message}\n\n`);
    const section =
      failed.length > 0
        ? `\nfailures:\n\n${told.join('')}\nfailures:\n${failed.map((test) => `    ${path(test)}\n`).join('')}`
        : '';
    return `running ${tests.length} tests\n${spoken.join('\n')}\n${section}\ntest result: ${failed.length > 0 ? 'FAILED' : 'ok'}. 0 passed;\n\n`;
  },
};
