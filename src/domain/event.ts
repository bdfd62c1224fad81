import { z } from 'zod';
import type { NewEvent } from './ports.ts';

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
const basis = z.enum(['observed', 'reported', 'none']);
const stage = z.enum(['analyze', 'hypothesize', 'implement', 'debug', 'improve']);
const unknown = <T extends z.ZodType>(type: T) => z.nullable(type);

/** Who was asked, and as what: a judge's call and a repeated call are advisor turns like any other. */
const consult = {
  consult: z.string(),
  provider: z.string(),
  model: unknown(z.string()),
  purpose: z.enum(['advice', 'candidates', 'judge', 'retry']),
};

/** What a provider says it used; what it does not say is null, never 0. */
const usage = {
  input_tokens: unknown(count),
  output_tokens: unknown(count),
  cost_usd: unknown(z.number().nonnegative()),
};

function event<T extends string, P extends z.core.$ZodLooseShape>(type: T, payload: P) {
  return z.strictObject({ type: z.literal(type), payload: z.strictObject(payload) });
}

/**
 * Every fact the ledger can hold. Durations are milliseconds, amounts are counts, and `null` means "not known".
 * A field is never removed and never changes its meaning: old events stay readable.
 */
export const EVENTS = z.discriminatedUnion('type', [
  /** A process began (`resumed: false`) or took up (`resumed: true`) a run; `attempt` counts from 1. */
  event('run_started', { kind: z.string(), attempt: count, resumed: z.boolean() }),
  /** `cancelled` is an interruption: a later `run_started` with `resumed: true` may follow. `error` is its code. */
  event('run_finished', { status: z.enum(['done', 'failed', 'cancelled']), error: unknown(z.string()) }),

  event('stage_entered', { stage, iteration: count }),
  /** `host_turns`: turns the host took in this visit to the stage; `basis` says who counted them. */
  event('stage_left', {
    stage,
    iteration: count,
    verdict: z.enum(['passed', 'failed', 'escalated']),
    host_turns: unknown(count),
    basis,
    elapsed_ms: unknown(milliseconds),
  }),

  /** The rule that allowed, skipped or refused asking others; `forced` when the user overrode it. */
  event('policy_decided', {
    subject: z.enum(['consult', 'ensemble']),
    decision: z.enum(['allow', 'skip', 'refuse']),
    rule: z.string(),
    reason: z.string(),
    forced: z.boolean(),
  }),
  event('budget_reserved', { reservation: z.string(), scope: z.string(), amount: count, left: count }),
  event('budget_refused', { scope: z.string(), amount: count, left: count }),
  event('budget_settled', { reservation: z.string(), amount: count }),

  event('consult_asked', { ...consult, stage: unknown(stage), ensemble: unknown(z.string()) }),
  event('consult_answered', { ...consult, ...usage, elapsed_ms: milliseconds, truncated: z.boolean() }),
  /** `ran`: the provider was called at all (then it is an advisor turn), rather than missing or refused before. */
  event('consult_failed', {
    ...consult,
    ...usage,
    ran: z.boolean(),
    reason: z.string(),
    elapsed_ms: unknown(milliseconds),
  }),
  /** `lexical_similarity`: mean pairwise cosine of the candidates' TF-IDF vectors, null below two candidates. */
  event('ensemble_generated', {
    ensemble: z.string(),
    kind: z.enum(['hypotheses', 'patch', 'answer']),
    candidates: count,
    failures: count,
    lexical_similarity: unknown(z.number().min(-1).max(1)),
  }),

  /** `total` includes the flaky ones; all four are null where the runner names no tests. */
  event('baseline_observed', {
    format: z.string(),
    passed: unknown(count),
    failed: unknown(count),
    flaky: unknown(count),
    total: unknown(count),
    elapsed_ms: milliseconds,
  }),
  /** A batch that went through the screener; `tried` is the sum of the four verdicts. */
  event('candidates_screened', {
    screener: z.string(),
    iteration: count,
    tried: count,
    passed: count,
    failed: count,
    hung: count,
    crashed: count,
    elapsed_ms: milliseconds,
  }),
  /** Counts of tests: `fixed` of `targets` pass now, `broken` passed before and fail now. */
  event('candidate_verified', {
    candidate: z.string(),
    provider: unknown(z.string()),
    operator: unknown(z.string()),
    basis,
    applies: unknown(z.boolean()),
    status: unknown(z.enum(['passed', 'failed', 'timed_out', 'not_started', 'cancelled'])),
    executed: unknown(count),
    targets: unknown(count),
    fixed: unknown(count),
    broken: unknown(count),
    elapsed_ms: unknown(milliseconds),
  }),
  /**
   * `ranking` is best first. `order` is the place in which the candidate was generated (0 is the first one),
   * `tested` whether there was test evidence for it, `passed` what that evidence said.
   */
  event('selection_made', {
    mode: z.enum(['tests_first', 'llm_judge']),
    ensemble: unknown(z.string()),
    ranking: z.array(
      z.strictObject({
        candidate: z.string(),
        provider: unknown(z.string()),
        order: count,
        tested: z.boolean(),
        passed: unknown(z.boolean()),
      }),
    ),
    winner: unknown(z.string()),
    closest: unknown(z.string()),
    why: z.string(),
  }),
  event('patch_shrunk', {
    candidate: z.string(),
    hunks_before: count,
    hunks_after: count,
    elapsed_ms: milliseconds,
  }),

  /** `passed`: the final state passed its checks; null when that is not known. */
  event('workflow_finished', {
    outcome: z.enum(['fixed', 'not_fixed', 'already_passing', 'error']),
    passed: unknown(z.boolean()),
    basis,
    candidates_tried: unknown(count),
    elapsed_ms: milliseconds,
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
