import { MaestroError } from '../domain/errors.ts';
import { type Baseline, type CheckRun, type Outcome, WHOLE_SUITE } from '../domain/evidence.ts';
import type { CheckOptions, Verifier } from '../domain/ports.ts';
import { brokenSource } from './broken-source.ts';
import { isStandIn, PROCESS_EXIT } from './runners/index.ts';
import { testsOf } from './tests-of.ts';

/**
 * Runs the unchanged tree twice, and a third time when the two disagree. `options.timeLimitMs` is for all runs together; a
 * first run that has not ended after `patienceMs` of it gives an `endless` baseline. Throws `command_not_found`,
 * `tests_cannot_start` (but a syntax error in a source file is a failure), `tests_timed_out`, `tests_all_flaky` or `cancelled`.
 */
export async function observeBaseline(
  verifier: Verifier,
  command: readonly string[],
  options: CheckOptions,
  patienceMs: number = options.timeLimitMs,
): Promise<Baseline> {
  const deadline = performance.now() + options.timeLimitMs;
  const runs: CheckRun[] = [];
  do {
    const left = Math.max(1, deadline - performance.now());
    const timeLimitMs = runs.length === 0 ? Math.min(patienceMs, left) : left;
    const run = await verifier.run([], { signal: options.signal, timeLimitMs });
    if (run.status === 'timed_out' && timeLimitMs < left) return endless(run, timeLimitMs);
    if (!brokenSource(run, verifier.snapshot.root, verifier.snapshot.files))
      assertRan(run, command, options.timeLimitMs);
    runs.push(run);
  } while (runs.length < 2 ? needsAnother(runs) : runs.length < 3 && disagree(runs));
  return compare(runs);
}

/** What was seen until the command was stopped; that it did not end is one failure more. */
function endless(run: CheckRun, ms: number): Baseline {
  const tests = run.tests ?? [];
  const ids = (outcome: Outcome) =>
    tests.filter((test) => test.outcome === outcome && !isStandIn(test.id)).map(({ id }) => id);
  const failing = [...ids('failed'), PROCESS_EXIT];
  return { format: run.format, failing, passing: ids('passed'), flaky: [], runs: [run], ms, endless: true };
}

/** A first run in which everything passes settles it: nothing is to be fixed. */
function needsAnother([first]: readonly CheckRun[]): boolean {
  return first!.status === 'failed';
}

function disagree(runs: readonly CheckRun[]): boolean {
  return outcomes(runs).some(([, seen]) => new Set(seen).size > 1);
}

/** Every test with what it did in each run; `absent` where a run did not have it. */
function outcomes(runs: readonly CheckRun[]): Array<[id: string, seen: Array<Outcome | 'absent'>]> {
  const byRun = runs.map((run) => new Map(testsOf(run).map(({ id, outcome }) => [id, outcome] as const)));
  const ids = new Set(byRun.flatMap((tests) => [...tests.keys()]));
  return [...ids].map((id) => [id, byRun.map((tests) => tests.get(id) ?? 'absent')]);
}

function compare(runs: readonly CheckRun[]): Baseline {
  const lists: Record<Outcome | 'absent' | 'flaky', string[]> = {
    passed: [],
    failed: [],
    skipped: [],
    absent: [],
    flaky: [],
  };
  for (const [id, seen] of outcomes(runs)) lists[new Set(seen).size > 1 ? 'flaky' : seen[0]!].push(id);
  if (lists.failed.length + lists.passed.length === 0) throw allFlaky(lists.flaky);
  if (lists.failed.length === 0 && lists.flaky.length > 0 && runs.length > 1 && lists.flaky[0] === WHOLE_SUITE)
    throw allFlaky(lists.flaky);
  const times = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    format: runs[0]!.format,
    ...{
      failing: lists.failed,
      passing: lists.passed,
      flaky: lists.flaky,
      runs,
      ms: times[Math.floor(times.length / 2)]!,
    },
  };
}

function assertRan(run: CheckRun, command: readonly string[], timeLimitMs: number): void {
  const line = command.join(' ');
  if (run.status === 'cancelled')
    throw new MaestroError('cancelled', 'stopped while the tests ran', 'Run it again to resume.');
  if (run.status === 'timed_out')
    throw new MaestroError(
      'tests_timed_out',
      `${line} did not end within ${Math.round(timeLimitMs / 1000)} s`,
      'Give a longer --time-limit, or a command that runs fewer tests.',
    );
  if (run.status !== 'not_started') return;
  if (run.problem?.startsWith('command not found'))
    throw new MaestroError(
      'command_not_found',
      run.problem,
      'Install it, or give the command as it works in your shell.',
    );
  throw new MaestroError(
    'tests_cannot_start',
    `${line} runs no tests: ${run.problem}`,
    'Make the command run its tests first: start it by hand and mend what it says.',
  );
}

function allFlaky(flaky: readonly string[]): MaestroError {
  return new MaestroError(
    'tests_all_flaky',
    `all ${flaky.length} tests disagree with themselves on the unchanged tree: ${flaky.slice(0, 3).join(', ')}`,
    'Make at least one test give the same result each time.',
  );
}
