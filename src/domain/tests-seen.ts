import type { LedgerEvent } from './event.ts';
import { type Basis, EXIT_STATUS } from './evidence.ts';

/** What is known of all tests: seen by Maestro or told by the host. */
export interface Tests {
  readonly status: 'passed' | 'failed' | 'not_run';
  readonly basis: Basis;
  readonly summary: string;
}

/** What a host says of them. */
export type TestReport = Pick<Tests, 'status' | 'summary'>;

/** What the fold over the tests keeps: `observedHere` is whether a pass was seen since the stage was entered. */
export interface SeenTests {
  readonly tests: Tests | null;
  readonly observedHere: boolean;
  /** Candidates seen to pass everything, by the run that saw it. */
  readonly passing: ReadonlySet<string>;
  /** Runs in which the command named no test. */
  readonly unnamed: ReadonlySet<string>;
}

export const NO_TESTS_SEEN: SeenTests = { tests: null, observedHere: false, passing: new Set(), unnamed: new Set() };

/**
 * The tests after one more event. A pass is `observed` when Maestro saw it in the same visit to a stage: the winner of
 * a selection that ran everything, or a tree in which nothing fails. What a host then says keeps that basis only while it agrees.
 */
export function testsAfter(seen: SeenTests, event: LedgerEvent): SeenTests {
  switch (event.type) {
    case 'stage_entered':
      return { ...seen, observedHere: false };
    case 'tests_reported':
      return reported(seen, event.payload);
    case 'stage_output':
      return reported(seen, event.payload.output.test_result);
    case 'baseline_observed': {
      const { failing, passing, flaky, format } = event.payload;
      if (passing === 0 && failing === 0) return seen;
      const isUnnamed = format === EXIT_STATUS;
      const summary = isUnnamed
        ? `the command ${failing === 0 ? 'ends with 0' : 'fails'}${ALONE}`
        : `${passing} pass, ${failing} fail, ${flaky} flaky`;
      const known = isUnnamed ? { ...seen, unnamed: new Set([...seen.unnamed, event.runId]) } : seen;
      return observed(known, failing === 0 && flaky === 0 ? 'passed' : 'failed', summary);
    }
    case 'candidate_verified': {
      const { candidate, basis, applies, status, executed, targets, fixed, broken } = event.payload;
      const passes =
        basis === 'observed' &&
        applies !== false &&
        status === 'passed' &&
        (executed ?? 0) > 0 &&
        (targets ?? 0) === (fixed ?? 0) &&
        (broken ?? 0) === 0;
      const key = `${event.runId} ${candidate}`;
      if (passes) return { ...seen, passing: new Set([...seen.passing, key]) };
      return seen.passing.has(key)
        ? { ...seen, passing: new Set([...seen.passing].filter((other) => other !== key)) }
        : seen;
    }
    case 'selection_made': {
      const { winner } = event.payload;
      if (typeof winner !== 'string' || !seen.passing.has(`${event.runId} ${winner}`)) return seen;
      const how = seen.unnamed.has(event.runId)
        ? `ends with 0 in an isolated copy${ALONE}`
        : 'passed everything in an isolated copy';
      return observed(seen, 'passed', `candidate '${winner}' ${how}`);
    }
    default:
      return seen;
  }
}

const ALONE = ', by its exit status alone: no test was recognised';

function observed(seen: SeenTests, status: Tests['status'], summary: string): SeenTests {
  return { ...seen, observedHere: status === 'passed', tests: { status, basis: 'observed', summary } };
}

function reported(seen: SeenTests, result: unknown): SeenTests {
  if (!isTestReport(result)) return seen;
  const tests = testsReported(seen, result);
  return { ...seen, observedHere: tests.basis === 'observed', tests };
}

/** What is known once a host said this: `observed` only where it agrees with a pass that was seen in this visit. */
export function testsReported({ observedHere }: { observedHere: boolean }, { status, summary }: TestReport): Tests {
  return { status, summary, basis: status === 'passed' && observedHere ? 'observed' : 'reported' };
}

/** Whether a value is a report of the tests, as stages hand it in. */
export function isTestReport(value: unknown): value is TestReport {
  if (typeof value !== 'object' || value === null) return false;
  const { status, summary } = value as Record<string, unknown>;
  return typeof summary === 'string' && (status === 'passed' || status === 'failed' || status === 'not_run');
}
