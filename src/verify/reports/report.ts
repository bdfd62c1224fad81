import type { Outcome, TestResult } from '../../domain/evidence.ts';

/** One test as a report names it, before its id is settled. */
export interface ReportedTest {
  /** Absolute, or relative to where the runner ran; settled to a workspace-relative path. */
  readonly file?: string;
  /** Suites, outermost first, then the test; empty when the file itself is what failed or passed. */
  readonly path: readonly string[];
  /** Used as the id as it stands, for runners that have ids of their own (`test_x.Class.name`). */
  readonly id?: string;
  readonly outcome: Outcome;
  readonly message?: string;
  readonly ms?: number;
  /** The file, module or suite could not be loaded: a failure, but no test of it ran. */
  readonly unloadable?: boolean;
}

/** What one text says: its tests in the order printed, and why nothing ran, where it says so. */
export interface Report {
  readonly tests: readonly ReportedTest[];
  readonly problem?: string;
  /** Only failures are named: the rest of what ran is known by number. */
  readonly unnamed?: number;
  /** `false` when the report ended before the runner had said that it was done. */
  readonly complete?: boolean;
}

/**
 * One report format. Both functions take any text at all, never throw, and need time linear in its length; a text
 * that ends in the middle yields the tests that are whole.
 */
export interface ReportDefinition {
  readonly id: string;
  /** Formats are asked in ascending order; the more a format can be mistaken, the later. */
  readonly order: number;
  /** Both streams are needed to understand it. */
  readonly wholeOutput?: boolean;
  recognises(text: string): boolean;
  parse(text: string): Report;
}

/** What a run's output and report files say, with ids unique and stable between runs. */
export interface ParsedReport {
  /** The format that was understood, or `exit-status`. */
  readonly format: string;
  /** `null` when the runner names no tests. */
  readonly tests: readonly TestResult[] | null;
  /** Why nothing could run (syntax error in a test file, missing module, no tests found), one line. */
  readonly problem?: string;
}
