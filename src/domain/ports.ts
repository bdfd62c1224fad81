import type { ChangeSet } from './change.ts';
import type { Baseline, CheckRun, Counts, Evidence, TestCoverage, TestResult } from './evidence.ts';
import type { Json } from './json.ts';

/** One suspicious place, most suspicious first when in a list. `score` in 0..1. */
export interface Suspect {
  readonly path: string;
  readonly line: number;
  readonly score: number;
  readonly why: string;
}

/** An earlier try of this run that fixed something, or nearly did: what goes back to an advisor. */
export interface Attempt {
  readonly change: ChangeSet;
  readonly fixed: number;
  readonly broken: number;
  readonly failures: readonly TestResult[];
}

/** What any advisor is given to propose patches from: the evidence and the pack. */
export interface RepairBrief {
  readonly task: string | null;
  /** Files that may be edited, whole, most suspicious first. */
  readonly sources: ReadonlyArray<{ readonly path: string; readonly text: string }>;
  readonly failures: readonly TestResult[];
  readonly suspects: readonly Suspect[];
  /** From 1; counts the debug iterations. */
  readonly iteration: number;
  readonly attempts: readonly Attempt[];
}

/** A patch as an advisor gave it: text (a unified diff), never trusted. */
export interface Proposal {
  readonly text: string;
  readonly operator?: string;
}

/** A source of advice, started so that text is all it can give. */
export interface Advisor {
  readonly id: string;
  /** What a consult uses where that is known beforehand: nothing, for one that asks no model. */
  readonly usage: {
    readonly input_tokens: number | null;
    readonly output_tokens: number | null;
    readonly cost_usd: number | null;
  };
  /** Streams patches, best first, the same ones in the same order for the same brief. */
  propose(brief: RepairBrief, signal: AbortSignal): AsyncIterable<Proposal>;
}

/** The working tree as it stood at one moment, copied where nothing else writes. */
export interface Snapshot {
  /** Where the user's tree is (a real path). */
  readonly root: string;
  /** Hash over paths, modes and contents. */
  readonly fingerprint: string;
  /** Files of the tree, sorted, `/` separators; dependency folders are not in it. */
  readonly files: readonly string[];
  /** Text of a file, or `null` where it is missing, binary or too large to edit. */
  read(path: string): Promise<string | null>;
}

export interface CheckOptions {
  readonly signal: AbortSignal;
  readonly timeLimitMs: number;
  /** Only these tests, where the runner can be told so; otherwise everything runs. */
  readonly only?: readonly string[];
}

/** Runs the user's command on copies of the snapshot with changes applied. */
export interface Verifier {
  readonly snapshot: Snapshot;
  run(change: ChangeSet, options: CheckOptions): Promise<CheckRun>;
  /** Target tests first; the whole suite only when they pass. */
  verify(
    change: ChangeSet,
    baseline: Baseline,
    options: CheckOptions,
  ): Promise<Evidence & { readonly counts: Counts | null; readonly failures: readonly TestResult[] }>;
}

export interface Screening {
  /** `pass`: every target passes and nothing seen breaks. Only a reason to confirm, never evidence. */
  readonly verdict: 'pass' | 'fail' | 'hang' | 'crash';
  /** How many of the failing tests pass now, and how many of the passing ones fail (0 when it stopped before looking). */
  readonly fixed: number;
  readonly broken: number;
}

/** A warm process that runs only the target tests, hundreds of candidates a second. */
export interface Screener {
  /** `unittest`, `node-test`, …, or `command` where the user's command itself is run. */
  readonly kind: string;
  readonly targets: number;
  /** Safe to call concurrently; queues beyond what it can run at once. */
  screen(change: ChangeSet, signal: AbortSignal): Promise<Screening>;
  /** Per-test line coverage on the unchanged tree; `null` where this runner cannot tell. */
  coverage(signal: AbortSignal): Promise<readonly TestCoverage[] | null>;
  /** What the code does on inputs without known answers, one text an input; `null` where that is not known how to ask. */
  behaviour(change: ChangeSet, signal: AbortSignal): Promise<readonly string[] | null>;
  close(): Promise<void>;
}

/** A fact in the append-only ledger. `type` says what the payload holds. */
export interface NewEvent {
  readonly type: string;
  readonly payload: { readonly [key: string]: Json | undefined };
}

/**
 * A durable run as a flow sees it. A step commits its JSON result and its events in one transaction and is
 * never executed again once committed; names are unique within the run. No clock and no randomness outside a step.
 */
export interface Run {
  readonly id: string;
  readonly signal: AbortSignal;
  step<T>(name: string, work: (record: (event: NewEvent) => void) => Promise<T>): Promise<T>;
}

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
}
