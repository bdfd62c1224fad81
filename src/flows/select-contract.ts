import type { Candidate, ReportedResults } from '../domain/candidate.ts';
import { type ChangeSet, changeKey } from '../domain/change.ts';
import type { Baseline, CheckRun, Evidence } from '../domain/evidence.ts';
import type { CheckOptions, Run, Verifier } from '../domain/ports.ts';
import type { Judgement, SelectorDefinition } from '../domain/selector.ts';
import type { JudgeRequest } from './judge.ts';

export interface SelectRequest {
  readonly candidates: readonly Candidate[];
  /** Results that someone else observed; used for candidates that cannot be run here. */
  readonly results: ReportedResults | null;
  /** New lint problems that someone else counted, by candidate; used where no lint command was run. */
  readonly lintResults: ReadonlyMap<string, number>;
  /** What a judge is told: the task and what to look at. */
  readonly task: string | null;
  readonly criteria: string | null;
  /** For each run of a command, in ms. */
  readonly timeLimitMs: number;
}

export interface SelectPorts {
  readonly selector: SelectorDefinition;
  /** The change that a text's unified diff stands for, or why there is none. */
  readonly parse: (text: string) => Promise<{ ok: true; change: ChangeSet } | { ok: false; problem: string }>;
  /** Why a path may not be changed, or `null`. */
  readonly refusal: (path: string) => string | null;
  /** `null` without a test command: then only reported results count. */
  readonly tests: {
    readonly verifier: Pick<Verifier, 'verify'>;
    readonly observeBaseline: (options: CheckOptions) => Promise<Baseline>;
  } | null;
  /** The test command, and the paths of the unchanged tree: what a hypothesis' test is looked for in. */
  readonly command: readonly string[] | null;
  readonly files: () => Promise<readonly string[]>;
  /** Runs the lint command with a change applied; `null` without one. */
  readonly lint: ((change: ChangeSet, options: CheckOptions) => Promise<CheckRun>) | null;
  /** Has somebody choose among contenders, where the selector wants that; `null` where nobody may be asked. */
  readonly judge: ((run: Run, request: JudgeRequest) => Promise<Judgement>) | null;
  /** Runs the probe command with a change applied; `null` without one. */
  readonly probe: ((change: ChangeSet, options: CheckOptions) => Promise<CheckRun>) | null;
  /** How many commands may run at once. */
  readonly width: number;
}

/** A candidate with its change, as far as it holds one, and what is known about it so far. */
export interface Entry {
  readonly candidate: Candidate;
  readonly change: ChangeSet | null;
  readonly evidence: Evidence;
}

/** Candidates that propose the same change share one run of it. */
export function oncePerChange<R>(work: (change: ChangeSet) => Promise<R>): (change: ChangeSet) => Promise<R> {
  const underWay = new Map<string, Promise<R>>();
  return (change) => {
    const key = changeKey(change);
    const result = underWay.get(key) ?? work(change);
    underWay.set(key, result);
    return result;
  };
}

export const NOTHING_KNOWN: Evidence = {
  basis: 'none',
  applies: null,
  protectedFiles: [],
  executed: null,
  broken: null,
  fixed: null,
  targets: null,
  newLintProblems: null,
  behaviour: null,
  status: null,
  ms: null,
};
