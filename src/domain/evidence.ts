export type Outcome = 'passed' | 'failed' | 'skipped';

/** One test in one run. `id` is stable between runs: `file::suite > name`, as far as the runner tells. */
export interface TestResult {
  readonly id: string;
  readonly outcome: Outcome;
  readonly file?: string;
  /** The failure as the runner printed it: assertion, diff, stack; bounded. */
  readonly message?: string;
  readonly ms?: number;
}

/** How a command ended. `not_started`: tests could not run at all (missing program, syntax error in a test file, zero tests). */
export type CheckStatus = 'passed' | 'failed' | 'timed_out' | 'not_started' | 'cancelled';

/** What one run of a check command showed. */
export interface CheckRun {
  readonly status: CheckStatus;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The report format that was understood (`unittest`, `tap`, …), or `EXIT_STATUS`. */
  readonly format: string;
  /** Per-test outcomes, or `null` when the runner names no tests. */
  readonly tests: readonly TestResult[] | null;
  /** Both streams as printed, bounded, the end kept in full. */
  readonly output: string;
  readonly outputTruncated: boolean;
  readonly ms: number;
  /** Why it counts as `not_started`, in one line. */
  readonly problem?: string;
}

/** How many tests passed and failed; `total` is both together: flaky and skipped ones are left out, before and after alike. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly total: number;
}

/** The unchanged tree, run more than once. Flaky tests disagree with themselves and are in neither list. */
export interface Baseline {
  readonly format: string;
  /** Ids of tests that fail every time: the targets. `[WHOLE_SUITE]` when the runner names no tests. */
  readonly failing: readonly string[];
  readonly passing: readonly string[];
  readonly flaky: readonly string[];
  readonly runs: readonly CheckRun[];
  /** Median wall time of a whole run, in ms; where it did not end, how long it was given. */
  readonly ms: number;
  /** The command did not end: the lists hold what was seen until it was stopped. */
  readonly endless?: true;
}

/** The format of a run of which only the exit status is known. */
export const EXIT_STATUS = 'exit-status';

/** Stands for the command as one test when the runner gives no names. */
export const WHOLE_SUITE = '(whole command)';

/** Lines of workspace files that one test executed; line numbers from 1. */
export interface TestCoverage {
  readonly test: string;
  readonly outcome: Outcome;
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

/** Whether we saw it ourselves or were told. */
export type Basis = 'observed' | 'reported';

/** What is known about one candidate. `null` where nothing was observed or reported. */
export interface Evidence {
  readonly basis: Basis | 'none';
  readonly applies: boolean | null;
  /** Why it does not apply, or which protected files it touches. */
  readonly problem?: string;
  readonly protectedFiles: readonly string[];
  /** Tests that were executed; 0 is never a pass. */
  readonly executed: number | null;
  /** Ids that passed on the unchanged tree and fail now. */
  readonly broken: readonly string[] | null;
  /** Target ids that pass now. */
  readonly fixed: readonly string[] | null;
  readonly targets: readonly string[] | null;
  /** New lint or type problems; `null` when not checked. */
  readonly newLintProblems: number | null;
  /** Text that is equal for candidates that behaved alike; `null` when unknown. */
  readonly behaviour: string | null;
  readonly status: CheckStatus | null;
  readonly ms: number | null;
  /** Nothing but the exit status of the command was read: it names no test, and counts as one. */
  readonly level?: typeof EXIT_STATUS;
}
