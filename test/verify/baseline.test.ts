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
  return { verifier: { run } as unknown as Verifier, count: () => count };
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
