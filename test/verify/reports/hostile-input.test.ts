import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReportDefinition, readRun, reportFormats } from '../../../src/verify/reports/index.ts';
import { outcomes, printed, recorded } from './recorded.ts';

const SAMPLES: Readonly<Record<string, string>> = {
  events: '{"maestro":1,"path":["a"],"outcome":"passed"}\n{"maestro":1,"end":true}\n',
  junit: recorded('pytest9-xunit1.xml'),
  'jest-json': recorded('jest30-json.json'),
  'mocha-json': recorded('mocha12-json.json'),
  'go-json': recorded('go.json'),
  tap: recorded('node24.tap'),
  unittest: recorded('unittest-3.11.7-verbose.txt'),
  pytest: recorded('pytest9-verbose.txt'),
  cargo: recorded('cargo1.95.txt'),
  go: recorded('go-verbose.txt'),
  'node-spec': recorded('node24-spec.txt'),
  'mocha-spec': recorded('mocha12-spec.txt'),
  jest: recorded('jest30-verbose.txt'),
  vitest: recorded('vitest5-verbose.txt'),
};

let formats: readonly ReportDefinition[] = [];
beforeAll(async () => {
  formats = await reportFormats();
});

/** Both functions on any text: whatever they answer, they answer. */
function read(format: ReportDefinition, text: string): void {
  format.recognises(text);
  const { tests } = format.parse(text);
  expect(tests.every(({ outcome }) => /^(passed|failed|skipped)$/.test(outcome))).toBe(true);
}

describe('every format', () => {
  it('has a file of its name, and a sample here', () => {
    const files = readdirSync(new URL('../../../src/verify/reports/formats', import.meta.url)).map((file) =>
      file.replace('.ts', ''),
    );
    expect(formats.map(({ id }) => id).sort()).toEqual(files.sort());
    expect(Object.keys(SAMPLES).sort()).toEqual(files.sort());
    expect(new Set(formats.map(({ order }) => order)).size).toBe(formats.length);
  });

  it('knows its own sample and neither an empty text nor prose', () => {
    for (const format of formats) {
      expect(format.recognises(SAMPLES[format.id]!.replaceAll('\u001b', '')) || format.id === 'vitest', format.id).toBe(
        true,
      );
      for (const text of ['', 'ok\n', 'All 3 tests passed.\n', '{"a":1}\n', 'Running tests…\nerror: no\n']) {
        expect(format.recognises(text), `${format.id}: ${text}`).toBe(false);
      }
    }
  });

  it('reads any text without throwing', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'ok 1 - a',
        'not ok',
        '1..3',
        '  ---',
        '<testcase name="',
        '<![CDATA[',
        '{"Action":"run"',
        '}',
        '=====',
        '--- FAIL: ',
      ),
      fc.constantFrom(
        'test a ... ',
        'running 1 test',
        '✔ ',
        '▶ a',
        '  ● x',
        ' FAIL  a.js > b',
        'Ran 1 test in 0.1s',
        '__ a __',
        '::',
      ),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('\n'));
    fc.assert(
      fc.property(text, (source) => {
        for (const format of formats) read(format, source);
      }),
      { numRuns: 300 },
    );
  });

  it('reads its own sample cut off or damaged anywhere without throwing', () => {
    const place = fc.tuple(fc.nat(), fc.nat({ max: 50 }), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(place, ([at, length, instead]) => {
        for (const format of formats) {
          const sample = SAMPLES[format.id]!;
          const from = at % sample.length;
          read(format, sample.slice(0, from));
          read(format, sample.slice(0, from) + instead + sample.slice(from + length));
        }
      }),
      { numRuns: 200 },
    );
  });

  /** Ten megabytes of what tempts an expression to look again and again; a quadratic reader would not end within the limit. */
  const TEN = 10_000_000;
  it.each([
    ['blanks', ' '.repeat(TEN)],
    ['line ends', '\n'.repeat(TEN)],
    ['opening angles', '<testcase '.repeat(TEN / 10)],
    ['open quotes', '<testcase name="'.repeat(TEN / 16)],
    ['opening braces', '{'.repeat(TEN)],
    ['braces on lines', '\n{"stats""passes""failures""pending""testResults""numTotalTests"'.repeat(TEN / 64)],
    ['deep subtests', Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}ok 1 - a {`).join('\n')],
    ['escapes', '\u001b['.repeat(TEN / 2)],
    ['one name', `test_a (a.b) ... ${'x'.repeat(TEN)}`],
    ['many brackets', 'a (b'.repeat(TEN / 4)],
    ['colons', '::'.repeat(TEN / 2)],
    ['dashes', `${'_'.repeat(TEN / 2)} a ${'='.repeat(TEN / 2)}`],
    ['failures', ' FAIL  a.js > b\n'.repeat(TEN / 16)],
    ['results', `TAP version 13\n${'ok 1 - a\n'.repeat(TEN / 9)}`],
  ])('reads ten megabytes of %s in time', async (_, text) => {
    for (const format of formats) read(format, text.slice(0, TEN / 5));
    await printed(text);
  });
});

describe('a report that is cut off', () => {
  it.each([
    ['junit', 'pytest9-xunit1.xml', 0.6],
    ['tap', 'node24.tap', 0.5],
    ['go-json', 'go.json', 0.4],
    ['unittest', 'unittest-3.11.7-verbose.txt', 0.5],
    ['pytest', 'pytest9-verbose.txt', 0.25],
  ])('counts what %s had reported, and is no pass', async (_, file, share) => {
    const text = recorded(file);
    const whole = outcomes(await printed(text));
    const { tests } = await printed(text.slice(0, text.length * share), 0);
    const part = tests ?? [];
    expect(part.length).toBeLessThan(whole.length);
    expect(part.length === 0 || part.some(({ outcome }) => outcome === 'failed')).toBe(true);
  });
});

describe('text that imitates a report', () => {
  const run = { exitCode: 1, stdout: 'TAP version 13\nok 1 - fake\n1..1\n', stderr: 'Ran 1 test in 0.001s\n\nOK\n' };
  const expected = { files: ['/r/events.jsonl'], formats: ['unittest'], root: '/project', folder: '/project' };

  it('counts for nothing beside the report file', async () => {
    const readReport = async () => '{"maestro":1,"path":["real"],"outcome":"failed"}\n{"maestro":1,"end":true}\n';
    expect(outcomes(await readRun({ ...run, readReport }, expected))).toEqual(['f real']);
  });

  it('counts for less than what the runner is known to print', async () => {
    const report = await readRun({ ...run, readReport: async () => null }, expected);
    expect(report.format).toBe('unittest');
  });

  it('in a report file that is none is not believed', async () => {
    const report = await readRun({ ...run, readReport: async () => 'nonsense' }, expected);
    expect(report.format).toBe('unittest');
  });
});
