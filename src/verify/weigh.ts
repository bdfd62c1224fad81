import {
  type Baseline,
  type CheckRun,
  type CheckStatus,
  type Counts,
  type Evidence,
  EXIT_STATUS,
  type TestResult,
} from '../domain/evidence.ts';
import { isStandIn } from './runners/index.ts';
import { countTests, testsOf } from './tests-of.ts';

/** Evidence with what a person or an advisor wants to know beside it. */
export type Verification = Evidence & { readonly counts: Counts | null; readonly failures: readonly TestResult[] };

const NONE: Verification = {
  ...{ basis: 'observed', applies: true, protectedFiles: [], executed: null, broken: null, fixed: null, targets: null },
  ...{ newLintProblems: null, behaviour: null, status: null, ms: null, counts: null, failures: [] },
};

/** Evidence of a change that was not run: it does not apply, or touches what it must not. */
export function notRun(
  baseline: Baseline,
  found: { applies: boolean; problem: string; protectedFiles: readonly string[] },
): Verification {
  return { ...NONE, ...found, targets: baseline.failing };
}

/**
 * What a run with the change shows against the baseline. A run of the targets alone says nothing of broken tests and has
 * no counts. In a whole run a test that passed before is broken when it fails, is skipped or is not there, and so is any new
 * test that fails. `passed` is the status only when every target passes and nothing is broken, flaky tests aside.
 */
export function weigh(run: CheckRun, baseline: Baseline, scope: 'targets' | 'everything'): Verification {
  const tests = testsOf(run);
  const outcome = new Map(tests.map((test) => [test.id, test.outcome]));
  const executed = tests.filter(({ outcome }) => outcome !== 'skipped').length;
  const ended = run.status === 'passed' || run.status === 'failed';
  const isFixed = (id: string) =>
    outcome.get(id) === 'passed' ||
    (isStandIn(id) && !outcome.has(id) && scope === 'everything' && ended && executed > 0);
  const fixed = baseline.failing.filter(isFixed);
  const broken = scope === 'everything' ? brokenBy(tests, baseline) : null;
  const isGood = executed > 0 && fixed.length === baseline.failing.length && (broken ?? []).length === 0;
  return {
    ...NONE,
    ...{ executed, broken, fixed, targets: baseline.failing, ms: run.ms },
    status: ended ? (isGood ? 'passed' : 'failed') : (run.status satisfies CheckStatus),
    counts: scope === 'everything' ? countTests(tests, baseline) : null,
    ...(run.tests === null && executed > 0 && { level: EXIT_STATUS }),
    failures: tests.filter(({ id, outcome }) => outcome === 'failed' && !baseline.flaky.includes(id)),
    ...(run.problem === undefined ? {} : { problem: run.problem }),
  };
}

function brokenBy(tests: readonly TestResult[], baseline: Baseline): string[] {
  const outcome = new Map(tests.map((test) => [test.id, test.outcome]));
  const known = new Set([...baseline.failing, ...baseline.passing, ...baseline.flaky]);
  const lost = baseline.passing.filter((id) => outcome.get(id) !== 'passed');
  const fresh = tests.filter(({ id, outcome }) => outcome === 'failed' && !known.has(id)).map(({ id }) => id);
  return [...lost, ...fresh];
}
