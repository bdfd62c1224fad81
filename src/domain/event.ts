import { z } from 'zod';
import type { NewEvent } from './ports.ts';

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
const basis = z.nullish(z.enum(['observed', 'reported']));
const stage = z.enum(['analyze', 'hypothesize', 'implement', 'debug', 'improve']);
/** Left out or null means "not known". */
const known = <T extends z.ZodType>(type: T) => z.nullish(type);

/** Who was asked, and as what: a judge's call and a repeated call are advisor turns like any other. */
const consult = {
  consult: z.string(),
  provider: z.string(),
  model: known(z.string()),
  purpose: z.enum(['advice', 'candidates', 'judge', 'retry']),
};

/** What a provider says it used; what it does not say is null, never 0. */
const usage = {
  input_tokens: known(count),
  output_tokens: known(count),
  cost_usd: known(z.number().nonnegative()),
};

function event<T extends string, P extends z.core.$ZodLooseShape>(type: T, payload: P) {
  return z.strictObject({ type: z.literal(type), payload: z.strictObject(payload) });
}

/**
 * Every fact the ledger can hold. `ms` is a duration, amounts are counts, and what is left out or null is not known.
 * A field is never removed and never changes its meaning: old events stay readable.
 */
export const EVENTS = z.discriminatedUnion('type', [
  /** A process began (`resumed: false`) or took up (`resumed: true`) a run; `attempt` counts from 1. */
  event('run_started', { kind: z.string(), attempt: count, resumed: z.boolean() }),
  /** `cancelled` is an interruption: a later `run_started` with `resumed: true` may follow. `error` is its code. */
  event('run_finished', { status: z.enum(['done', 'failed', 'cancelled']), error: known(z.string()) }),

  /** A host began a task that goes through the stages (again: it said what the task is); runs under its id are a part of it. */
  event('workflow_opened', { task: known(z.string()) }),
  event('stage_entered', { stage, visit: count }),
  /** What a host handed in and was accepted; `host_turns` are those of the whole visit so far, as the host counts them. */
  event('stage_output', {
    stage,
    visit: count,
    iteration: count,
    output: z.record(z.string(), z.json()),
    host_turns: known(count),
  }),
  event('gate_refused', { stage, rule: z.string(), reason: z.string() }),
  /** What a host says that all tests said about its tree. */
  event('tests_reported', { status: z.enum(['passed', 'failed', 'not_run']), summary: z.string() }),
  event('approval_asked', { stage, visit: count, iteration: count }),
  /** A person's word; `terminal`: typed in a terminal. A model has no way to record one. */
  event('approval_given', {
    stage,
    visit: count,
    iteration: count,
    by: z.enum(['elicitation', 'terminal']),
    answer: z.enum(['yes', 'no']),
    reason: known(z.string()),
  }),
  /** Handed over to a person. */
  event('escalated', { stage, visit: count, summary: z.string() }),
  /** `host_turns`: turns the host took in this visit to the stage; `basis` says whether we counted them or were told. */
  event('stage_left', {
    stage,
    visit: count,
    outcome: z.enum(['done', 'not_needed', 'gave_up', 'escalated']),
    summary: z.string(),
    host_turns: known(count),
    basis,
    ms: known(milliseconds),
  }),

  /** The rule that allowed, skipped or refused asking others; `forced` when the user overrode it. */
  event('policy_decided', {
    subject: z.enum(['consult', 'ensemble', 'judge']),
    decision: z.enum(['allow', 'skip', 'refuse']),
    rule: z.string(),
    reason: z.string(),
    forced: z.boolean(),
  }),
  event('budget_reserved', { reservation: z.string(), scope: z.string(), amount: count, left: count }),
  event('budget_refused', { scope: z.string(), amount: count, left: count }),
  event('budget_settled', { reservation: z.string(), amount: count }),

  event('consult_asked', { ...consult, stage: known(stage), ensemble: known(z.string()) }),
  event('consult_answered', { ...consult, ...usage, ms: milliseconds, truncated: z.boolean() }),
  /** `ran`: the provider was called at all (then it is an advisor turn), rather than missing or refused before; `detail` is one line, redacted. */
  event('consult_failed', {
    ...consult,
    ...usage,
    ran: z.boolean(),
    reason: z.string(),
    detail: known(z.string()),
    ms: known(milliseconds),
  }),
  /** `lexical_similarity`: mean pairwise cosine of the candidates' TF-IDF vectors, null below two candidates. */
  event('ensemble_generated', {
    ensemble: z.string(),
    kind: z.enum(['hypotheses', 'patch', 'answer']),
    candidates: count,
    failures: count,
    lexical_similarity: known(z.number().min(-1).max(1)),
  }),

  /** Counts of tests on the unchanged tree, each test in one of the three; the whole command counts as one test. */
  event('baseline_observed', { format: z.string(), failing: count, passing: count, flaky: count, ms: milliseconds }),
  /** A batch that went through the screener; `passing` of the `tried` are worth confirming. */
  event('candidates_screened', {
    iteration: count,
    tried: count,
    passing: count,
    hung: known(count),
    crashed: known(count),
    screener: known(z.string()),
    ms: known(milliseconds),
  }),
  /** Counts of tests: `fixed` of `targets` pass now, `broken` passed before and fail now. */
  event('candidate_verified', {
    candidate: z.string(),
    provider: known(z.string()),
    operator: known(z.string()),
    basis,
    applies: known(z.boolean()),
    status: known(z.enum(['passed', 'failed', 'timed_out', 'not_started', 'cancelled'])),
    executed: known(count),
    targets: known(count),
    fixed: known(count),
    broken: known(count),
    ms: known(milliseconds),
  }),
  /**
   * `ranking` is best first. `order` is the place in which the candidate was generated (0 is the first one),
   * `tested` whether there was test evidence for it, `passed` what that evidence said.
   */
  event('selection_made', {
    mode: z.enum(['tests_first', 'llm_judge']),
    ensemble: known(z.string()),
    ranking: z.array(
      z.strictObject({
        candidate: z.string(),
        provider: known(z.string()),
        order: count,
        tested: z.boolean(),
        passed: known(z.boolean()),
      }),
    ),
    winner: known(z.string()),
    closest: known(z.string()),
    why: z.string(),
  }),
  event('patch_shrunk', {
    candidate: z.string(),
    hunks_before: count,
    hunks_after: count,
    ms: milliseconds,
  }),

  /** `passed`: the final state passed its checks; null when that is not known. `abandoned`: a person gave the task up. */
  event('workflow_finished', {
    outcome: z.enum(['fixed', 'not_fixed', 'already_passing', 'error', 'abandoned']),
    passed: known(z.boolean()),
    basis,
    candidates_tried: known(count),
    ms: milliseconds,
  }),
]);

/** A fact as it is recorded. */
export type MaestroEvent = z.infer<typeof EVENTS>;
export type EventType = MaestroEvent['type'];

/** A fact as the ledger gives it back: `id` grows with every commit, `at` is milliseconds since the epoch. */
export type LedgerEvent = MaestroEvent & {
  readonly id: number;
  readonly runId: string;
  /** The task that runs belong to; a run started on its own is its own workflow. */
  readonly workflowId: string;
  /** Real path of the workspace. */
  readonly workspace: string;
  readonly at: number;
};

const TYPES: ReadonlySet<string> = new Set(EVENTS.options.map((option) => option.shape.type.value));

/** Whether this version knows the type: a newer one may have added some to the same ledger. */
export function isEventType(type: string): type is EventType {
  return TYPES.has(type);
}

/** The event, checked against the catalogue; throws a TypeError that names the field when it does not fit. */
export function checkedEvent(event: NewEvent): MaestroEvent {
  const result = EVENTS.safeParse(event);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`event '${event.type}': ${issue?.path.join('.') || 'type'}: ${issue?.message ?? 'does not fit'}`);
}
