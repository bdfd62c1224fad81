import { describe, expect, it } from 'vitest';
import type { CheckRun, Outcome } from '../../src/domain/evidence.ts';
import { WHOLE_SUITE } from '../../src/domain/evidence.ts';
import type { Verifier } from '../../src/domain/ports.ts';
import { observeBaseline } from '../../src/verify/baseline.ts';
import { BEST_AND_NONE, BUGGY, NODE_TEST, options, project, verifierOf } from './project.ts';

type Shown = Readonly<Record<string, Outcome>>;

/** A verifier whose runs are given: only the arithmetic of baselines is looked at. */
function playing(...shown: Array<Shown | Partial<CheckRun>>): { verifier: Verifier; count: () => number } {
  let count = 0;
  const run = async (): Promise<CheckRun> => {
    const next = shown[Math.min(count++, shown.length - 1)]!;
    const given = 'status' in next ? (next as Partial<CheckRun>) : testsRun(next as Shown);
    return {
      status: 'failed',
      exitCode: 1,
      signal: null,
      format: 'tap',
      tests: null,
      output: '',
      outputTruncated: false,
      ms: count * 10,
      ...given,
    };
  };
  const snapshot = { root: '/tree', files: ['src/code.js', 'code.test.js'] };
  return { verifier: { run, snapshot } as unknown as Verifier, count: () => count };
}

function testsRun(shown: Shown): Partial<CheckRun> {
  const tests = Object.entries(shown).map(([id, outcome]) => ({ id, outcome }));
  return { tests, status: tests.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed' };
}

const observe = ({ verifier }: { verifier: Verifier }) => observeBaseline(verifier, ['run', 'tests'], options);
const refused = (played: { verifier: Verifier }) =>
  observe(played).then(
    () => 'observed',
    (error) => [error.code, error.exitStatus, error.message],
  );

describe('a command that does not end', () => {
  const hangs = { status: 'timed_out', exitCode: null } as const;
  const within = (played: { verifier: Verifier }, patienceMs: number) =>
    observeBaseline(played.verifier, ['run', 'tests'], options, patienceMs);

  it('is endless once patience is over, with what was seen until then', async () => {
    const tests = [
      { id: 'a', outcome: 'passed' },
      { id: 'b', outcome: 'failed' },
    ] as const;
    const played = playing({ ...hangs, tests });
    expect(await within(played, 100)).toMatchObject({
      endless: true,
      passing: ['a'],
      failing: ['b', '(process exit)'],
      ms: 100,
    });
    expect(played.count()).toBe(1);
  });

  it('is refused when all the time there was is used up', async () => {
    await expect(within(playing(hangs), options.timeLimitMs)).rejects.toMatchObject({ code: 'tests_timed_out' });
  });
});

describe('a syntax error that keeps every test from loading', () => {
  const stopped = (message: string): Partial<CheckRun> => ({
    status: 'not_started',
    problem: 'SyntaxError: missing )',
    tests: [{ id: 'code.test.js::(file)', outcome: 'failed', file: 'code.test.js', message }],
  });

  it('is a failure of the code when it is in a source file', async () => {
    const played = playing(
      stopped(
        '/tree/src/code.js:21\n  d.push(1\n         ^\n\nSyntaxError: missing ) after argument list\n    at x (/tree/code.test.js:4:13)',
      ),
    );
    expect(await observe(played)).toMatchObject({ failing: ['code.test.js::(file)'], passing: [] });
  });

  it('is understood as Python tells it', async () => {
    const played = playing(
      stopped(
        'Traceback (most recent call last):\n  File "/tree/code.test.js", line 1\n  File "/tree/src/code.js", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax',
      ),
    );
    expect(await observe(played)).toMatchObject({ failing: ['code.test.js::(file)'] });
  });

  it.each([
    ['in the test file itself', '/tree/code.test.js:2\n  const = ;\n\nSyntaxError: Unexpected token'],
    ['in a file that is not of the tree', '/lib/other.js:2\n  const = ;\n\nSyntaxError: Unexpected token'],
    ['no syntax error at all', '/tree/src/code.js:21\nError: Cannot find module x'],
  ])('is none of the code: %s', async (_title, message) => {
    expect(await refused(playing(stopped(message)))).toMatchObject(['tests_cannot_start', 3, expect.any(String)]);
  });
});

describe('the baseline', () => {
  it('takes one run when everything passes', async () => {
    const played = playing({ a: 'passed', b: 'passed', c: 'skipped' });
    expect(await observe(played)).toMatchObject({ failing: [], passing: ['a', 'b'], flaky: [], format: 'tap' });
    expect(played.count()).toBe(1);
  });

  it('takes a second run when something fails, and no third when both agree', async () => {
    const played = playing({ a: 'failed', b: 'passed' });
    const baseline = await observe(played);
    expect(baseline).toMatchObject({ failing: ['a'], passing: ['b'], flaky: [], ms: 20 });
    expect([played.count(), baseline.runs.length]).toEqual([2, 2]);
  });

  it('takes a third run when two disagree, and sets apart every test that does not do the same each time', async () => {
    const played = playing(
      { a: 'failed', b: 'passed', c: 'passed', d: 'passed', e: 'failed' },
      { a: 'failed', b: 'failed', c: 'passed', d: 'passed', f: 'passed' },
      { a: 'failed', b: 'passed', c: 'skipped', d: 'passed' },
    );
    expect(await observe(played)).toMatchObject({
      failing: ['a'],
      passing: ['d'],
      flaky: ['b', 'c', 'e', 'f'],
      ms: 20,
    });
    expect(played.count()).toBe(3);
  });

  it('treats a command that names no tests as one test', async () => {
    expect(await observe(playing({ status: 'failed' }))).toMatchObject({
      failing: [WHOLE_SUITE],
      passing: [],
      flaky: [],
    });
    expect(await observe(playing({ status: 'passed' }))).toMatchObject({
      failing: [],
      passing: [WHOLE_SUITE],
      flaky: [],
    });
  });

  it('refuses a suite in which all tests are flaky', async () => {
    expect((await refused(playing({ a: 'failed', b: 'passed' }, { a: 'passed', b: 'failed' }))) as unknown[]).toEqual([
      'tests_all_flaky',
      3,
      'all 2 tests disagree with themselves on the unchanged tree: a, b',
    ]);
    expect((await refused(playing({ status: 'failed' }, { status: 'passed' })))[0]).toBe('tests_all_flaky');
  });

  it('goes on without the flaky ones when others are left', async () => {
    expect(await observe(playing({ a: 'failed', b: 'passed' }, { a: 'passed', b: 'passed' }))).toMatchObject({
      failing: [],
      passing: ['b'],
      flaky: ['a'],
    });
  });

  it('says what went wrong when the tests cannot run', async () => {
    expect(await refused(playing({ status: 'not_started', problem: 'SyntaxError: x' }))).toEqual([
      'tests_cannot_start',
      3,
      'run tests runs no tests: SyntaxError: x',
    ]);
    expect(await refused(playing({ status: 'not_started', problem: 'command not found: run' }))).toEqual([
      'command_not_found',
      3,
      'command not found: run',
    ]);
    expect(await refused(playing({ status: 'timed_out' }))).toEqual([
      'tests_timed_out',
      3,
      'run tests did not end within 20 s',
    ]);
    expect((await refused(playing({ status: 'cancelled' })))[0]).toBe('cancelled');
    expect((await refused(playing({ a: 'failed' }, { status: 'timed_out' })))[0]).toBe('tests_timed_out');
  });
});

describe.each(BEST_AND_NONE)('the baseline of a real project (sandbox: %s)', (_kind, sandbox) => {
  const observed = async (folder: string, command: readonly string[], timeLimitMs = 20_000) =>
    observeBaseline(await verifierOf(folder, command, { sandbox }), command, { ...options, timeLimitMs });

  it('tells failing from passing tests', async () => {
    const baseline = await observed(project(BUGGY), NODE_TEST);
    expect([baseline.failing, baseline.passing, baseline.flaky]).toEqual([
      ['math.test.js::adds'],
      ['math.test.js::subtracts'],
      [],
    ]);
  });

  it('finds a test that does not do the same each time', async () => {
    const flaky = `const test = require('node:test');
test('steady', () => { throw new Error('always') });
for (let n = 0; n < 40; n++) test('flaky ' + n, () => { if (Math.random() < 0.5) throw new Error('now and then') });`;
    const baseline = await observed(project({ 'a.test.js': flaky }), NODE_TEST);
    expect(baseline.failing).toContain('a.test.js::steady');
    expect([
      baseline.runs.length,
      baseline.flaky.length > 0,
      baseline.flaky.every((id) => id.includes('flaky')),
    ]).toEqual([3, true, true]);
  });

  it.each([
    [['maestro-no-such-program'], 'command_not_found'],
    [['python3', '-m', 'unittest'], 'tests_cannot_start'],
  ])('refuses %j', async (command, code) => {
    await expect(observed(project({ 'test_a.py': 'import no_such_module\n' }), command)).rejects.toMatchObject({
      code,
    });
  });

  it('refuses a suite that never ends', async () => {
    await expect(observed(project({ a: '' }), ['sleep', '60'], 400)).rejects.toMatchObject({ code: 'tests_timed_out' });
  });
});
