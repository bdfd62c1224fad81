import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStandIn, PROCESS_EXIT } from '../../../src/verify/reports/index.ts';
import type { ReportedTest } from '../../../src/verify/reports/report.ts';
import { settle } from '../../../src/verify/reports/settle.ts';
import { boundMessage, plain } from '../../../src/verify/reports/text.ts';

const ending = { exitCode: 1, output: '', root: '/w', folder: '/w/sub' };
const failed = (path: string[], file?: string): ReportedTest => ({
  path,
  outcome: 'failed',
  ...(file ? { file } : {}),
});
const passed: ReportedTest = { path: ['fine'], outcome: 'passed' };
const ids = (tests: ReportedTest[], at = ending) => settle('x', { tests }, at).tests!.map(({ id }) => id);

describe('ids', () => {
  it('are the file, then suites and name', () => {
    expect(
      ids([failed(['a', 'b'], '/w/sub/t.js'), failed(['a'], 't.js'), failed([], '/w/t.js'), failed(['a', 'b'])]),
    ).toEqual(['sub/t.js::a > b', 'sub/t.js::a', 't.js::(file)', 'a > b']);
  });

  it('number tests of one name in the order they are reported, without taking a name that is there', () => {
    expect(ids([failed(['a']), failed(['a #2']), failed(['a']), failed(['a'])])).toEqual(['a', 'a #2', 'a #3', 'a #4']);
  });

  it('have no line ends, control characters or endless names', () => {
    const [id] = ids([failed([`a\n  b\u0000\t${'x'.repeat(5_000)}`])]);
    expect(id).toMatch(/^a b x+$/);
    expect(id!.length).toBeLessThanOrEqual(1_000);
  });

  it('are relative to the workspace however the runner names it', () => {
    const real = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-settle-')));
    try {
      symlinkSync(real, join(real, 'link'));
      const root = join(real, 'link');
      const at = { ...ending, root, folder: root };
      const url = new URL(`file://${real}/t%20t.js`).href;
      expect(
        ids([failed(['a'], join(real, 'x.js')), failed(['a'], join(root, 'x.js')), failed(['a'], url)], at),
      ).toEqual(['x.js::a', 'x.js::a #2', 't t.js::a']);
      expect(ids([failed(['a'], '/elsewhere/x.js')], at)).toEqual(['/elsewhere/x.js::a']);
    } finally {
      rmSync(real, { recursive: true });
    }
  });

  it('are unique whatever is reported', () => {
    const test = fc.record({
      path: fc.array(fc.constantFrom('a', 'b', 'a #2', '')),
      outcome: fc.constant('passed' as const),
    });
    fc.assert(
      fc.property(fc.array(test), (tests) => {
        const found = ids(tests);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });

  it('that stand for more than one test are told apart', () => {
    expect(['a.js::(file)', 'a > (hook)', 'setUpClass (a.B) (hook)', PROCESS_EXIT].every(isStandIn)).toBe(true);
    expect(['a.js::a', 'a (file) b', 'test_a.B.c (i=1)'].some(isStandIn)).toBe(false);
  });

  it('call what mocha names a hook by the suite', () => {
    expect(ids([failed(['s', '"before each" hook for "x"']), failed(['s t "after all" hook: closes'])])).toEqual([
      's > (hook)',
      's t > (hook)',
    ]);
  });
});

describe('the end of a run', () => {
  const last = (exitCode: number | null, tests: ReportedTest[], complete?: boolean) =>
    settle('x', { tests, ...(complete === undefined ? {} : { complete }) }, { ...ending, exitCode }).tests!.at(-1)!;

  it('cannot be a pass with a status other than 0, or killed', () => {
    expect(last(3, [passed])).toMatchObject({
      id: PROCESS_EXIT,
      outcome: 'failed',
      message: expect.stringContaining('status 3'),
    });
    expect(last(null, [passed])).toMatchObject({ id: PROCESS_EXIT, message: expect.stringContaining('killed') });
  });

  it('cannot be a pass when the report is cut off', () => {
    expect(last(0, [passed], false)).toMatchObject({
      id: PROCESS_EXIT,
      message: expect.stringContaining('ended early'),
    });
  });

  it('adds nothing where a test failed or all is well', () => {
    expect(last(1, [failed(['a'])]).id).toBe('a');
    expect(last(0, [passed], true).id).toBe('fine');
  });

  it('is a problem when no test ran, and only then', () => {
    const unloadable = { ...failed([], 't.js'), unloadable: true, message: 'x\nSyntaxError: nope\n at y' };
    expect(settle('x', { tests: [unloadable] }, ending).problem).toBe('SyntaxError: nope');
    expect(settle('x', { tests: [unloadable, passed] }, ending).problem).toBeUndefined();
    expect(settle('x', { tests: [unloadable], unnamed: 3 }, ending).problem).toBeUndefined();
    expect(settle('x', { tests: [] }, ending).problem).toBe('no tests were found');
  });
});

describe('messages', () => {
  it('lose colours and carriage returns', () => {
    expect(plain('\u001b[31m\u001b[1mred\u001b[22m\u001b[39m\r\n\u001b]0;title\u0007x')).toBe('red\nx');
  });

  it('stay below 4,000 characters and keep the frames of the stack', () => {
    const frames = ['    at f (/w/a.js:1:2)', '  File "/w/a.py", line 3, in f', 'tests/test_a.py:17: AssertionError'];
    const message = boundMessage(`AssertionError: big\n${'+ difference\n'.repeat(2_000)}${frames.join('\n')}\n`);
    expect(message.length).toBeLessThanOrEqual(4_000);
    expect(message).toMatch(/^AssertionError: big/);
    for (const frame of frames) expect(message).toContain(frame.trim());
  });

  it('that are short stay as they are', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z \n]{0,200}$/), (text) => boundMessage(text) === text.trim()));
  });
});
