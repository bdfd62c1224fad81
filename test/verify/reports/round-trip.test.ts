import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReportDefinition, reportFormats } from '../../../src/verify/reports/index.ts';
import { NAMES, PRINTERS, type Ran, SPOKEN, suiteOf, WORD } from './printers.ts';
import { printed, recorded } from './recorded.ts';

let formats: ReadonlyMap<string, ReportDefinition>;
beforeAll(async () => {
  formats = new Map((await reportFormats()).map((format) => [format.id, format]));
});

/** Each name, suites and all, with its outcome. */
const told = (tests: readonly Ran[], join: (parts: readonly string[]) => string) =>
  tests.map(({ suites, name, outcome }) => `${outcome} ${join([...suites, name])}`).sort();

/** How the names of a format for people are put together. */
const SPOKEN_NAMES: Readonly<Record<string, (parts: readonly string[]) => string>> = {
  unittest: (parts) => `${parts.slice(0, -1).join('.')}.Case.test_${parts.at(-1)}`,
  go: (parts) => `example.com/p > Test${parts.join('_')}`,
  cargo: (parts) => parts.join('::'),
};

/** In TAP a brace at the end of a line opens subtests. */
const namesFor = (id: string) => (id === 'tap' ? NAMES.map((name) => name.replace(/[{}]/g, '(')) : NAMES);
const blanks = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('what a runner prints for machines', () => {
  it.each(Object.keys(PRINTERS))('as %s is read as the tests that ran, whatever they are called', (id) => {
    const format = formats.get(id)!;
    const split = id === 'go-json' ? (part: string) => part.split('/') : (part: string) => [part];
    fc.assert(
      fc.property(suiteOf(namesFor(id)), (tests) => {
        const text = PRINTERS[id]!(tests);
        expect(format.recognises(text)).toBe(true);
        const report = format.parse(text);
        const parts = (path: readonly string[]) => path.flatMap(split).join(' ');
        const read = report.tests.map(
          ({ outcome, path }) => `${outcome} ${parts(path.filter((part) => part !== 'example.com/p'))}`,
        );
        expect(read.sort()).toEqual(told(tests, parts));
        expect(report.complete ?? true).toBe(true);
      }),
    );
  });

  it.each(Object.keys(PRINTERS))('as %s has the message of each failure', (id) => {
    fc.assert(
      fc.property(suiteOf(namesFor(id)), (tests) => {
        const { tests: read } = formats.get(id)!.parse(PRINTERS[id]!(tests));
        const failures = read.filter(({ outcome }) => outcome === 'failed').map(({ message }) => blanks(message ?? ''));
        const wanted = tests.filter(({ outcome }) => outcome === 'failed').map(({ message }) => blanks(message));
        expect(failures.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 30 },
    );
  });

  it.each(Object.keys(PRINTERS))(
    'as %s, cut anywhere, has no test that did not run and no outcome that was not',
    (id) => {
      const format = formats.get(id)!;
      fc.assert(
        fc.property(suiteOf(namesFor(id)), fc.double({ min: 0, max: 1, noNaN: true }), (tests, share) => {
          const text = PRINTERS[id]!(tests);
          const whole = new Map(format.parse(text).tests.map((test) => [JSON.stringify(test.path), test.outcome]));
          const cut = format.parse(text.slice(0, Math.floor(text.length * share)));
          const passed = cut.tests.filter(({ outcome }) => outcome === 'passed');
          for (const { path } of id === 'tap' ? [] : passed) expect(whole.get(JSON.stringify(path))).toBe('passed');
          expect(passed.length).toBeLessThanOrEqual(
            [...whole.values()].filter((outcome) => outcome === 'passed').length,
          );
        }),
      );
    },
  );
});

describe('what a runner prints for people', () => {
  it.each(Object.keys(SPOKEN))('as %s is read as the tests that ran, with colours and CRLF too', async (id) => {
    await fc.assert(
      fc.asyncProperty(suiteOf(WORD), fc.constantFrom('\n', '\r\n'), fc.boolean(), async (tests, eol, coloured) => {
        const text = SPOKEN[id]!(tests).replaceAll('\n', eol);
        const shown = coloured ? text.replaceAll(/\b(ok|PASS|FAIL|FAILED)\b/g, '\u001b[32m$1\u001b[0m') : text;
        const failing = tests.some(({ outcome }) => outcome === 'failed');
        const report = await printed(shown, failing ? 1 : 0);
        expect(report.format).toBe(id);
        const read = (report.tests ?? []).map(({ id: own, outcome }) => `${outcome} ${own}`);
        expect(read.sort()).toEqual(told(tests, SPOKEN_NAMES[id]!));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a recorded report that is cut at any line', () => {
  const files = readdirSync(new URL('../../fixtures/reports/', import.meta.url)).filter((file) =>
    /\.(txt|tap|xml|json)$/.test(file),
  );

  /** It passes, and its end fails: that is told later, as an error. */
  const LATER = 'test_with_a_failing_end';

  it.each(files)('passes no test that the whole of %s fails', async (file) => {
    const text = recorded(file);
    const bad = new Set(
      ((await printed(text)).tests ?? [])
        .filter(({ id, outcome }) => outcome === 'failed' && !id.endsWith(LATER))
        .map(({ id }) => id),
    );
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
    const step = Math.max(1, Math.floor(ends.length / 25));
    for (const end of ends.filter((_, at) => at % step === 0)) {
      const { tests } = await printed(text.slice(0, end), null);
      expect((tests ?? []).filter(({ id, outcome }) => outcome === 'passed' && bad.has(id))).toEqual([]);
    }
  });
});
