import { type Baseline, type CheckRun, type Counts, type TestResult, WHOLE_SUITE } from '../domain/evidence.ts';

/** The tests of a run; the command itself as the one test where the runner names none, nothing when nothing ran. */
export function testsOf(run: CheckRun): readonly TestResult[] {
  if (run.tests !== null) return run.tests;
  if (run.status === 'passed') return [{ id: WHOLE_SUITE, outcome: 'passed' }];
  if (run.status !== 'failed') return [];
  return [{ id: WHOLE_SUITE, outcome: 'failed', message: run.output.slice(-4_000) }];
}

/** How many tests passed and failed, flaky and skipped ones left out. */
export function countTests(tests: readonly TestResult[], { flaky }: Pick<Baseline, 'flaky'>): Counts {
  const left = new Set(flaky);
  const count = (outcome: string) => tests.filter((test) => test.outcome === outcome && !left.has(test.id)).length;
  const [passed, failed] = [count('passed'), count('failed')];
  return { passed, failed, total: passed + failed };
}
