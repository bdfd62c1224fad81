import type { ChangeSet } from '../domain/change.ts';
import type { Baseline, Counts, TestCoverage, TestResult } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Advisor, CheckOptions, Clock, Run, Screener, Suspect, Verifier } from '../domain/ports.ts';
import type { FailedAdvice } from './advise.ts';
import type { Panel } from './panel.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What the user asked for. Part of the run's key: the same request on the same tree resumes. */
export interface FixRequest {
  readonly command: readonly string[];
  readonly task: string | null;
  readonly timeLimitMs: number;
  readonly maxCandidates: number;
  readonly maxIterations: number;
  readonly protect: readonly string[];
}

/** A file an advisor may edit, whole. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Patches as text and back; `parse` confines paths and says why a text is no patch of this tree. */
export interface Patches {
  parse(text: string): Promise<{ ok: true; change: ChangeSet } | { ok: false; problem: string }>;
  render(change: ChangeSet): Promise<string>;
  /** The change without each of its hunks in turn: what shrinking tries. Empty when there is only one hunk. */
  withoutEachHunk(change: ChangeSet): Promise<readonly ChangeSet[]>;
}

/** Where the fault may be. */
export interface Localizer {
  editable(failures: readonly TestResult[], coverage: readonly TestCoverage[] | null): Promise<readonly Source[]>;
  suspects(
    failures: readonly TestResult[],
    coverage: readonly TestCoverage[] | null,
    sources: readonly Source[],
  ): readonly Suspect[];
}

/** What is seen while it works; never stored. */
export type Progress =
  | { readonly kind: 'stage'; readonly stage: FixStage; readonly note: string }
  | { readonly kind: 'left'; readonly record: StageRecord }
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'search';
      readonly tried: number;
      readonly passing: number;
      readonly bestFixed: number;
      readonly targets: number;
      readonly perSecond: number;
      readonly remainingMs: number;
    };

export interface FixPorts {
  readonly verifier: Verifier;
  /** Runs the unchanged tree as often as it takes to tell failing, passing and flaky tests apart; endless after `patienceMs`. */
  readonly observeBaseline: (options: CheckOptions, patienceMs: number) => Promise<Baseline>;
  readonly openScreener: (baseline: Baseline) => Promise<Screener>;
  /** Who proposes patches without a model. */
  readonly advisors: readonly Advisor[];
  /** The models that are asked too; `null` where none was named. */
  readonly panel: Panel | null;
  /** Takes consults out of the workflow's budget; `false` when not so many are left. */
  readonly reserveConsults: (amount: number) => Promise<boolean>;
  readonly localizer: Localizer;
  readonly patches: Patches;
  readonly clock: Clock;
  readonly progress: (progress: Progress) => void;
}

export type FixStage = 'analyze' | 'hypothesize' | 'implement' | 'debug' | 'improve';

/** One stage as it went, for the report. */
export interface StageRecord {
  readonly stage: FixStage;
  readonly outcome: 'done' | 'not_needed' | 'gave_up';
  readonly summary: string;
  readonly ms: number;
}

export interface Winner {
  readonly provider: string;
  readonly operator?: string;
  /** Position in the order of trial, from 1. */
  readonly rank: number;
}

/** What the flow hands back; the command line adds metrics, elapsed time and the run's id. */
export interface FixOutcome {
  readonly status: 'fixed' | 'not_fixed' | 'already_passing';
  /** Without secrets: `parse` brings them back. */
  readonly patch: string | null;
  readonly files: readonly string[];
  readonly baseline: Counts & { readonly flaky: number };
  readonly after: Counts | null;
  /** What the evidence is made of: named tests, or nothing but the exit status of the command. */
  readonly evidence: 'tests' | 'exit_status';
  readonly candidatesTried: number;
  /** Nothing was found, and nobody was asked any more because the budget does not allow it. */
  readonly endedByBudget: boolean;
  readonly winner: Winner | null;
  readonly why: string;
  readonly hypotheses: readonly Hypothesis[];
  readonly stages: readonly StageRecord[];
  /** Models that gave no usable answer. */
  readonly advisorFailures: readonly FailedAdvice[];
}

/** What every part of one fix run works with. */
export interface Work {
  readonly run: Run;
  readonly ports: FixPorts;
  readonly request: FixRequest;
  readonly watch: Stopwatch;
  readonly baseline: Baseline;
  readonly failures: readonly TestResult[];
}

/** What analysis found: files that may be edited, suspicious lines, and whether they come from coverage. */
export interface Facts {
  /** Whether a failing test was seen to execute a file that may be edited. */
  readonly reached: boolean;
  readonly sources: readonly Source[];
  readonly suspects: readonly Suspect[];
  readonly covered: boolean;
}
