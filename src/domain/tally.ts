import type { LedgerEvent } from './event.ts';
import type { Basis } from './evidence.ts';
import type { WorkflowGroup } from './workflow-group.ts';

/** What the events of one workflow add up to. */
export interface WorkflowTally {
  readonly hostTurns: number;
  /** Visits to a stage in which something was done and the host's turns are not known. */
  readonly visitsWithoutTurns: number;
  readonly visitsWithTurns: number;
  readonly consults: number;
  /** Provider calls that ran, whoever asked and however they ended. */
  readonly advisorTurns: number;
  /** Whether the final state passed its checks; `null` while unfinished, not known, or when there was nothing to do. */
  readonly passed: boolean | null;
  /** `reported` as soon as any of its figures was told rather than seen. */
  readonly basis: Basis;
}

/** What the calls of one provider that ran add up to; the `without` counts say for how many calls a figure is missing. */
export interface ProviderTally {
  readonly calls: number;
  readonly tokens: number;
  readonly withoutTokens: number;
  readonly costUsd: number;
  readonly withoutCost: number;
  readonly ms: number;
  readonly withoutMs: number;
}

/** Everything the metrics are computed from. */
export interface Tally {
  readonly workflows: ReadonlyMap<string, WorkflowTally>;
  /** Workflows that were added up, so that they need not be kept one by one. */
  readonly settled: readonly WorkflowGroup[];
  readonly providers: ReadonlyMap<string, ProviderTally>;
  /** Selections with at least one candidate, and those in which every candidate had test evidence. */
  readonly selections: number;
  readonly testedSelections: number;
  readonly anyReportedEvidence: boolean;
  /** Selections by tests among two candidates or more, and those in which an advisor's won where the first one failed. */
  readonly contests: number;
  readonly uplifts: number;
  /** Sum of the lexical similarities of those ensembles that have one. */
  readonly similarity: number;
  readonly comparedEnsembles: number;
}

export const NO_EVENTS: Tally = {
  workflows: new Map(),
  settled: [],
  providers: new Map(),
  selections: 0,
  testedSelections: 0,
  anyReportedEvidence: false,
  contests: 0,
  uplifts: 0,
  similarity: 0,
  comparedEnsembles: 0,
};

/** A workflow of which nothing was seen yet. */
const NEW_WORKFLOW: WorkflowTally = {
  hostTurns: 0,
  visitsWithoutTurns: 0,
  visitsWithTurns: 0,
  consults: 0,
  advisorTurns: 0,
  passed: null,
  basis: 'observed',
};

const NEW_PROVIDER: ProviderTally = {
  calls: 0,
  tokens: 0,
  withoutTokens: 0,
  costUsd: 0,
  withoutCost: 0,
  ms: 0,
  withoutMs: 0,
};

type Payload<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>['payload'];

/** Adds events, in the order of the ledger, to a tally; `from` is left as it is. Adding them in several portions gives the same. */
export function tally(events: Iterable<LedgerEvent>, from: Tally = NO_EVENTS): Tally {
  const workflows = new Map(from.workflows);
  const providers = new Map(from.providers);
  let sums = from;
  for (const event of events) {
    const known = workflows.get(event.workflowId);
    const workflow = withWorkflowEvent(known ?? NEW_WORKFLOW, event);
    if (known || workflow !== NEW_WORKFLOW) workflows.set(event.workflowId, workflow);
    const call = callOf(event);
    if (call) providers.set(call.provider, withCall(providers.get(call.provider) ?? NEW_PROVIDER, call));
    sums = withSelectionEvent(sums, event);
  }
  return { ...sums, workflows, providers };
}

function withWorkflowEvent(workflow: WorkflowTally, event: LedgerEvent): WorkflowTally {
  if (callOf(event)) return { ...workflow, advisorTurns: workflow.advisorTurns + 1 };
  if (event.type === 'consult_asked') return { ...workflow, consults: workflow.consults + 1 };
  if (event.type === 'stage_left') return withVisit(workflow, event.payload);
  if (event.type === 'workflow_finished') {
    const { outcome, passed, basis } = event.payload;
    // Giving a task up says nothing of how it would have ended, and takes nothing back that is known.
    if (outcome === 'abandoned') return workflow;
    return {
      ...workflow,
      passed: outcome === 'already_passing' ? null : (passed ?? null),
      basis: weaker(workflow, basis),
    };
  }
  return workflow;
}

function withVisit(workflow: WorkflowTally, { host_turns, outcome, basis }: Payload<'stage_left'>): WorkflowTally {
  if (host_turns === null || host_turns === undefined) {
    if (outcome === 'not_needed') return workflow;
    return { ...workflow, visitsWithoutTurns: workflow.visitsWithoutTurns + 1 };
  }
  return {
    ...workflow,
    hostTurns: workflow.hostTurns + host_turns,
    visitsWithTurns: workflow.visitsWithTurns + 1,
    basis: weaker(workflow, basis),
  };
}

function weaker(workflow: WorkflowTally, basis: Basis | null | undefined): Basis {
  return basis === 'reported' ? 'reported' : workflow.basis;
}

/** The provider call that an event is the end of, when the provider was called at all. */
function callOf(event: LedgerEvent): Payload<'consult_answered'> | Payload<'consult_failed'> | null {
  if (event.type === 'consult_answered') return event.payload;
  return event.type === 'consult_failed' && event.payload.ran ? event.payload : null;
}

function withCall(provider: ProviderTally, call: NonNullable<ReturnType<typeof callOf>>): ProviderTally {
  const hasTokens = typeof call.input_tokens === 'number' && typeof call.output_tokens === 'number';
  return {
    calls: provider.calls + 1,
    tokens: provider.tokens + (call.input_tokens ?? 0) + (call.output_tokens ?? 0),
    withoutTokens: provider.withoutTokens + (hasTokens ? 0 : 1),
    costUsd: provider.costUsd + (call.cost_usd ?? 0),
    withoutCost: provider.withoutCost + (typeof call.cost_usd === 'number' ? 0 : 1),
    ms: provider.ms + (call.ms ?? 0),
    withoutMs: provider.withoutMs + (typeof call.ms === 'number' ? 0 : 1),
  };
}

function withSelectionEvent(sums: Tally, event: LedgerEvent): Tally {
  if (event.type === 'candidate_verified' && event.payload.basis === 'reported') {
    return { ...sums, anyReportedEvidence: true };
  }
  if (event.type === 'ensemble_generated') {
    const similarity = event.payload.lexical_similarity;
    if (typeof similarity !== 'number') return sums;
    return { ...sums, similarity: sums.similarity + similarity, comparedEnsembles: sums.comparedEnsembles + 1 };
  }
  if (event.type !== 'selection_made' || event.payload.ranking.length === 0) return sums;
  const { ranking } = event.payload;
  const isContest = event.payload.mode === 'tests_first' && ranking.length > 1;
  return {
    ...sums,
    selections: sums.selections + 1,
    testedSelections: sums.testedSelections + (ranking.every(({ tested }) => tested) ? 1 : 0),
    contests: sums.contests + (isContest ? 1 : 0),
    uplifts: sums.uplifts + (isContest && isUplift(event.payload) ? 1 : 0),
  };
}

function isUplift({ ranking, winner }: Payload<'selection_made'>): boolean {
  const first = ranking.find(({ order }) => order === 0);
  const won = ranking.find(({ candidate }) => candidate === winner);
  return first?.passed === false && typeof won?.provider === 'string';
}
