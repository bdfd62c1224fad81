import type { AdviceFailure, AdviceUsage } from '../domain/advice.ts';
import type { Metric } from '../domain/metrics.ts';
import type { Selection } from '../domain/selection.ts';
import type { StageId } from '../domain/stage.ts';
import type { Pack } from './pack.ts';

/** How one call is made. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Told what is going on, in words for a person; at least every 10 s while it works. */
  readonly progress: (message: string) => void;
  /** After this long a `Running` is handed out instead of the result, and the work goes on. In ms; Infinity waits. */
  readonly patienceMs: number;
  /** Asks the person in front of the host; null where the host has no way to. Never answered by a model. */
  readonly askPerson: ((question: string) => Promise<'yes' | 'no' | 'no_answer'>) | null;
}

/** Where and for which task; the folder the process is in, and the open workflow of the workspace, unless given. */
export interface Place {
  readonly workspace?: string;
  readonly workflow_id?: string;
}

/** Consults used and left. */
export interface BudgetView {
  readonly used: { readonly stage: number; readonly workflow: number };
  readonly left: { readonly stage: number; readonly workflow: number };
}

/** Work that takes longer than the host waits: collect it with `maestro_workflow_state(wait_for: run_id)`. */
export interface Running {
  readonly status: 'running';
  readonly run_id: string;
  readonly workflow_id: string;
  readonly next: string;
}

/** Others were not asked. A result, not an error. */
export interface NotAsked {
  readonly status: 'skipped' | 'refused';
  readonly rule: string;
  readonly reason: string;
  readonly next: string;
  readonly budget: BudgetView;
  readonly workflow_id: string;
}

/** One failed try; `detail` is bounded, redacted and untrusted. */
export interface FailedTry {
  readonly provider: string;
  readonly reason: AdviceFailure;
  readonly detail: string;
  readonly remedy: string;
  readonly retry_after_ms: number | null;
}

export type Role = 'analyst' | 'hypothesis_scientist' | 'implementer' | 'debugger' | 'reviewer';

export interface ConsultCall extends Place {
  readonly prompt: string;
  readonly provider?: string;
  readonly model?: string;
  readonly files?: readonly string[];
  readonly errors?: readonly string[];
  readonly stage?: StageId;
  readonly role?: Role;
  /** Run id of an earlier consult to go on with. */
  readonly continue?: string;
}

export interface ConsultAnswer {
  readonly status: 'answered';
  /** Untrusted: what a model wrote. */
  readonly text: string;
  readonly provider: string;
  readonly model: string | null;
  readonly usage: AdviceUsage;
  readonly elapsed_ms: number;
  readonly truncated: boolean;
  /** An identical call had been answered before, so nothing was paid again. */
  readonly reused: boolean;
  /** Providers that were tried first and failed. */
  readonly failures: readonly FailedTry[];
  readonly budget: BudgetView;
  readonly run_id: string;
  readonly workflow_id: string;
}

/** Nobody answered. `next` is "carry on alone" with what can be mended. */
export interface ConsultFailed {
  readonly status: 'failed';
  readonly failures: readonly FailedTry[];
  readonly next: string;
  readonly budget: BudgetView;
  readonly run_id: string;
  readonly workflow_id: string;
}
export type ConsultResult = ConsultAnswer | ConsultFailed | NotAsked | Running;

export interface EnsembleCall extends Place {
  readonly task: string;
  readonly kind: 'hypotheses' | 'patch' | 'answer';
  readonly providers?: readonly string[];
  readonly n?: number;
  readonly confidence?: number;
  readonly files?: readonly string[];
  readonly errors?: readonly string[];
  readonly force?: boolean;
}

/** One of an ensemble's answers; which fields it has depends on the kind. All of it is untrusted. */
export interface EnsembleCandidate {
  readonly id: string;
  readonly provider: string;
  readonly model: string | null;
  readonly text: string;
  /** A unified diff against the workspace, for kind `patch` where the answer holds one that applies. */
  readonly patch?: string;
  /** Why the answer's patch does not apply. */
  readonly problem?: string;
  readonly hypotheses?: ReadonlyArray<{
    readonly id: string;
    readonly claim: string;
    readonly verification_test: string;
    readonly confidence: number;
  }>;
  readonly usage: AdviceUsage;
  readonly elapsed_ms: number;
}

export interface EnsembleGenerated {
  readonly status: 'generated';
  readonly kind: EnsembleCall['kind'];
  readonly candidates: readonly EnsembleCandidate[];
  readonly failures: readonly FailedTry[];
  /** Those named who were not asked, and why. */
  readonly left_out: ReadonlyArray<{ readonly provider: string; readonly why: string }>;
  readonly lexical_similarity: number | null;
  readonly forced: boolean;
  readonly reused: boolean;
  readonly budget: BudgetView;
  readonly run_id: string;
  readonly workflow_id: string;
  readonly next: string;
}
export type EnsembleResult = EnsembleGenerated | NotAsked | Running;

export interface SelectCall extends Place {
  /** Candidates by value, as `domain/candidate.ts` reads them, or the run of an ensemble. */
  readonly candidates?: readonly unknown[];
  readonly run_id?: string;
  readonly mode?: 'tests_first' | 'llm_judge';
  readonly test_results?: unknown;
  readonly lint_results?: unknown;
  readonly test_command?: string;
  readonly lint_command?: string;
  readonly probe_command?: string;
  /** What a judge is to look at. */
  readonly criteria?: string;
  /** For each run of a command, in ms. */
  readonly time_limit_ms?: number;
}

export interface Selected extends Selection {
  readonly status: 'selected';
  /** The winner's patch, when it has one. */
  readonly patch: string | null;
  readonly next: string;
  readonly run_id: string;
  readonly workflow_id: string;
}
export type SelectResult = Selected | NotAsked | Running;

export interface PackCall extends Place {
  readonly task?: string;
  readonly files?: readonly string[];
  readonly errors?: readonly string[];
  readonly stage?: StageId;
  readonly token_budget?: number;
}

export interface StageCall extends Place {
  readonly stage: StageId;
  readonly task?: string;
  /** What the host found, in the stage's output schema. Left out: the stage is opened and its brief handed out. */
  readonly output?: unknown;
  /** Turns the host took in this stage, as it counts them. */
  readonly host_turns?: number;
  /** What the tests said, as the host saw it. */
  readonly test_result?: { readonly status: 'passed' | 'failed' | 'not_run'; readonly summary: string };
}

/** A stage opened: everything its holder needs. */
export interface StageBrief {
  readonly status: 'opened';
  readonly workflow_id: string;
  readonly stage: StageId;
  readonly visit: number;
  readonly iteration: number;
  readonly task: string | null;
  readonly goal: string;
  readonly steps: readonly string[];
  readonly rules: readonly string[];
  /** Whether what is known of the tests was seen by Maestro or told by the host; null where nothing is known. */
  readonly tests_basis?: 'observed' | 'reported' | null;
  /** What earlier stages handed in, newest visit of each. */
  readonly found: Readonly<Record<string, unknown>>;
  readonly consults: { readonly allowed: number; readonly left: number; readonly from_iteration: number };
  readonly ensemble: string;
  /** JSON schema of the output to hand in. */
  readonly output_schema: unknown;
  readonly pack: Pick<Pack, 'text' | 'tokens' | 'files'> | null;
  readonly next: string;
}

/** A stage's output was taken, or not. */
export interface StageVerdict {
  readonly status: 'accepted' | 'rejected' | 'gate_closed' | 'escalated' | 'awaiting_approval' | 'finished';
  readonly workflow_id: string;
  readonly stage: StageId;
  readonly visit: number;
  readonly iteration: number;
  /** What is wrong, each with the path of the field. */
  readonly problems: ReadonlyArray<{ readonly path: string; readonly message: string }>;
  /** Whether "the tests pass" was seen by Maestro or told by the host; null where it was not asked. */
  readonly tests_basis: 'observed' | 'reported' | null;
  readonly next_stage: StageId | null;
  /** For a person, when the work is handed over. */
  readonly summary: string | null;
  readonly next: string;
}
export type StageResult = StageBrief | StageVerdict;

export interface StateCall extends Place {
  readonly wait_for?: string;
  readonly wait_ms?: number;
  readonly page?: number;
}

export interface WorkflowStateView {
  readonly workflow_id: string | null;
  readonly workspace: string;
  readonly task: string | null;
  readonly status: 'none' | 'open' | 'awaiting_approval' | 'escalated' | 'finished';
  readonly stage: StageId | null;
  readonly visit: number;
  readonly iteration: number;
  readonly history: ReadonlyArray<{
    readonly stage: StageId;
    readonly visit: number;
    readonly outcome: string;
    readonly summary: string;
  }>;
  readonly budget: BudgetView | null;
  /** `interrupted`: its process is gone, or has said nothing for too long; it can be taken up. */
  readonly running: ReadonlyArray<{
    readonly run_id: string;
    readonly kind: string;
    readonly since_ms: number;
    readonly interrupted?: true;
  }>;
  /** The run that was waited for: its result once it has one. */
  readonly run: {
    readonly run_id: string;
    readonly kind: string;
    readonly status: 'running' | 'done' | 'failed' | 'cancelled' | 'unknown';
    readonly result: unknown;
    readonly error: string | null;
  } | null;
  readonly efficiency: Metric | null;
  readonly next: string;
}

export interface MetricsCall extends Place {
  readonly scope?: 'workflow' | 'workspace' | 'all';
  /** ISO 8601. */
  readonly since?: string;
}
export type MetricsResult = Readonly<Record<string, Metric>>;

/** The seven operations, over one state file. Throws `MaestroError` for bad input; everything else is in the results. */
export interface Maestro extends AsyncDisposable {
  consult(call: ConsultCall, context: CallContext): Promise<ConsultResult>;
  ensemble(call: EnsembleCall, context: CallContext): Promise<EnsembleResult>;
  select(call: SelectCall, context: CallContext): Promise<SelectResult>;
  pack(call: PackCall, context: CallContext): Promise<Pack>;
  runStage(call: StageCall, context: CallContext): Promise<StageResult>;
  workflowState(call: StateCall, context: CallContext): Promise<WorkflowStateView>;
  metrics(call: MetricsCall, context: CallContext): Promise<MetricsResult>;
  /** Whether the state file it was opened over is still there; what is recorded after that is lost. */
  isInPlace(): boolean;
  /** The whole stored result of a run (a resource), or null. */
  runResult(
    runId: string,
  ): Promise<{ readonly kind: string; readonly status: string; readonly result: unknown } | null>;
}
