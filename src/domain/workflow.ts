import type { LedgerEvent } from './event.ts';
import type { Json } from './json.ts';
import type { StageId } from './stage.ts';
import { NO_TESTS_SEEN, type SeenTests, type Tests, testsAfter } from './tests-seen.ts';

/** What a host handed in: JSON in the shape of the stage's schema. */
export type StageOutput = { readonly [key: string]: Json | undefined };

/** A stage that was left, in the order of leaving. */
export interface PastVisit {
  readonly stage: StageId;
  readonly visit: number;
  readonly outcome: 'done' | 'not_needed' | 'gave_up' | 'escalated';
  readonly summary: string;
}

/** An output that was accepted, or waits for a person's yes. */
export interface HandedIn {
  readonly stage: StageId;
  readonly visit: number;
  readonly iteration: number;
  readonly output: StageOutput;
}

/** Where a workflow stands: nothing but a fold over its events. */
export interface WorkflowView {
  readonly id: string;
  /** Real path. */
  readonly workspace: string;
  readonly task: string | null;
  readonly status: 'open' | 'awaiting_approval' | 'escalated' | 'finished';
  /** The stage last entered; null before the first. */
  readonly stage: StageId | null;
  /** How often it has been entered, from 1; 0 before the first stage. */
  readonly visit: number;
  /** The round within the visit, from 1; 0 before the first stage. */
  readonly iteration: number;
  /** Whether the stage was left, so that the next one can be opened. */
  readonly left: boolean;
  readonly visits: Readonly<Partial<Record<StageId, number>>>;
  readonly history: readonly PastVisit[];
  /** The newest accepted output of each stage. */
  readonly outputs: Readonly<Partial<Record<StageId, StageOutput>>>;
  /** Everything accepted in the present visit, oldest first. */
  readonly handedIn: readonly HandedIn[];
  /** The output that waits for a person. */
  readonly pending: HandedIn | null;
  /** Why a person said no to what was handed in last; null otherwise. */
  readonly objection: string | null;
  /** The command that tells whether the selected hypothesis holds. */
  readonly testCommand: string | null;
  /** What is known of all tests; null before the first word. */
  readonly tests: Tests | null;
  /** Whether Maestro saw them pass since the stage was entered. */
  readonly observedHere: boolean;
  /** Turns of the host in the present visit; null when it did not say. */
  readonly hostTurns: number | null;
  /** For a person, once the work was handed over. */
  readonly summary: string | null;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly enteredAt: number;
  /** When anything last happened in it. */
  readonly touchedAt: number;
}

interface State extends WorkflowView {
  readonly seen: SeenTests;
}

/** The view after these events, which are all of one workflow and in the order of the ledger. Throws a TypeError when there are none. */
export function workflowView(events: readonly LedgerEvent[]): WorkflowView {
  const [first] = events;
  if (!first) throw new TypeError('a workflow has at least one event');
  const { seen: _, ...view } = events.reduce(withEvent, newWorkflow(first));
  return { ...view, testCommand: textOf(view.outputs.hypothesize?.test_command) };
}

function newWorkflow({ workflowId, workspace, at }: LedgerEvent): State {
  return {
    id: workflowId,
    workspace,
    task: null,
    status: 'open',
    stage: null,
    visit: 0,
    iteration: 0,
    left: false,
    visits: {},
    history: [],
    outputs: {},
    handedIn: [],
    pending: null,
    objection: null,
    testCommand: null,
    tests: null,
    observedHere: false,
    hostTurns: null,
    summary: null,
    openedAt: at,
    enteredAt: at,
    touchedAt: at,
    seen: NO_TESTS_SEEN,
  };
}

function withEvent(before: State, event: LedgerEvent): State {
  const seen = testsAfter(before.seen, event);
  const told = seen === before.seen ? before : { ...before, seen, tests: seen.tests, observedHere: seen.observedHere };
  const state = event.at > told.touchedAt ? { ...told, touchedAt: event.at } : told;
  switch (event.type) {
    case 'workflow_opened':
      return { ...state, task: event.payload.task ?? state.task };
    case 'stage_entered':
      return entered(state, event.payload, event.at);
    case 'stage_output':
      return handed(state, event.payload);
    case 'approval_asked':
      return asked(state, event.payload);
    case 'approval_given':
      return answered(state, event.payload);
    case 'stage_left': {
      const { stage, visit, outcome, summary } = event.payload;
      const iteration = state.handedIn.at(-1)?.iteration ?? state.iteration;
      return { ...state, iteration, left: true, history: [...state.history, { stage, visit, outcome, summary }] };
    }
    case 'escalated':
      return { ...state, status: 'escalated', summary: event.payload.summary };
    case 'workflow_finished':
      // Work that was handed over to a person has not ended for them.
      return state.status === 'escalated' && event.payload.outcome === 'not_fixed'
        ? state
        : { ...state, status: 'finished', pending: null };
    default:
      return state;
  }
}

function entered(state: State, { stage, visit }: { stage: StageId; visit: number }, at: number): State {
  return {
    ...state,
    status: 'open',
    stage,
    visit,
    iteration: 1,
    left: false,
    visits: { ...state.visits, [stage]: visit },
    handedIn: [],
    pending: null,
    objection: null,
    hostTurns: null,
    summary: null,
    enteredAt: at,
  };
}

function handed(state: State, { host_turns, ...given }: HandedIn & { host_turns?: number | null | undefined }): State {
  const known = [state.hostTurns, host_turns].filter((turns) => typeof turns === 'number');
  return { ...accepted(state, given), hostTurns: known.length > 0 ? Math.max(...known) : null };
}

/** An accepted output counts at once; `approval_asked`, which commits with it, takes it back until a person says yes. */
function accepted(state: State, given: HandedIn): State {
  const { stage, iteration, output } = given;
  return {
    ...state,
    objection: null,
    iteration: iteration + 1,
    outputs: { ...state.outputs, [stage]: output },
    handedIn: [...state.handedIn, given],
  };
}

function asked(state: State, { stage, iteration }: { stage: StageId; iteration: number }): State {
  const pending = state.handedIn.at(-1);
  if (!pending) return state;
  const { [stage]: _, ...outputs } = state.outputs;
  return {
    ...state,
    status: 'awaiting_approval',
    pending,
    iteration,
    outputs,
    handedIn: state.handedIn.slice(0, -1),
  };
}

function answered(
  state: State,
  { answer, reason }: { answer: 'yes' | 'no'; reason?: string | null | undefined },
): State {
  const { pending } = state;
  if (!pending) return state;
  const after: State = { ...state, status: 'open', pending: null };
  return answer === 'yes' ? accepted(after, pending) : { ...after, objection: reason || 'no reason was given' };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
