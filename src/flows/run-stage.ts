import { nextStage, nextStep } from '../domain/next-step.ts';
import type { NewEvent } from '../domain/ports.ts';
import type { StageDefinition, StageId } from '../domain/stage.ts';
import { closedGate, moveTo, type Refusal } from '../domain/stage-gate.ts';
import type { WorkflowLimits } from '../domain/stage-limits.ts';
import { alreadyHandedIn, misfits, type Problem, readOutput } from '../domain/submission.ts';
import { isTestReport, type TestReport, testsReported } from '../domain/tests-seen.ts';
import type { StageOutput, WorkflowView } from '../domain/workflow.ts';
import { leaving } from './leave-stage.ts';

/** A workflow that nothing else can write to meanwhile: how it stands, and how it stands once facts were added. */
export interface StageLedger {
  readonly view: WorkflowView;
  record(events: readonly NewEvent[]): Promise<WorkflowView>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the rules are. */
export interface StageRules {
  readonly definition: StageDefinition;
  readonly limits: Pick<WorkflowLimits, 'debug_iterations'>;
  readonly approval: 'none' | 'stage';
}

/** What a host asks of a stage: its brief, or, with `output`, a verdict. */
export interface StageAsk {
  readonly output: unknown;
  readonly hostTurns: number | null;
  readonly tests: TestReport | null;
}

/** What is said of an output, or of the wish to enter a stage. */
export interface Verdict {
  readonly status: 'accepted' | 'rejected' | 'gate_closed' | 'escalated' | 'awaiting_approval' | 'finished';
  readonly workflow_id: string;
  readonly stage: StageId;
  readonly visit: number;
  readonly iteration: number;
  readonly problems: readonly Problem[];
  readonly tests_basis: 'observed' | 'reported' | null;
  readonly next_stage: StageId | null;
  readonly summary: string | null;
  readonly next: string;
}

/** `verdict` is null when the stage is open and its brief is to be handed out. */
export interface StageStep {
  readonly view: WorkflowView;
  readonly verdict: Verdict | null;
}

/** Opens a stage, or takes its output. A call that is made again has the answer of the first one, and counts once. */
export function runStage(ledger: StageLedger, rules: StageRules, ask: StageAsk): Promise<StageStep> {
  return ask.output === undefined ? open(ledger, rules, ask) : handIn(ledger, rules, ask);
}

async function open(ledger: StageLedger, rules: StageRules, ask: StageAsk): Promise<StageStep> {
  const { view } = ledger;
  const { definition } = rules;
  if (view.status === 'awaiting_approval') return { view, verdict: verdictOf(view, definition.id) };
  if (moveTo(view, definition.id) === 'stay') return { view: await ledger.record(report(ask)), verdict: null };
  const refusal = closedGate(view, definition, testsOf(view, ask));
  if (refusal) return refused(ledger, definition, ask, refusal);
  return { view: await ledger.record([...report(ask), ...entering(ledger, definition, ask.hostTurns)]), verdict: null };
}

async function handIn(ledger: StageLedger, rules: StageRules, ask: StageAsk): Promise<StageStep> {
  const { definition } = rules;
  const earlier = alreadyHandedIn(ledger.view, definition.id, ask.output);
  if (earlier) return { view: ledger.view, verdict: { ...verdictOf(ledger.view, definition.id), ...placeOf(earlier) } };
  if (ledger.view.status === 'awaiting_approval')
    return { view: ledger.view, verdict: verdictOf(ledger.view, definition.id) };

  const move = moveTo(ledger.view, definition.id);
  const refusal =
    move === 'stay'
      ? null
      : (notOpen(move, definition) ?? closedGate(ledger.view, definition, testsOf(ledger.view, ask)));
  if (refusal) return refused(ledger, definition, ask, refusal);
  const opening = move === 'stay' ? [] : entering(ledger, definition, null);
  const inStage = move === 'stay' ? ledger.view : { ...ledger.view, ...placeAfter(ledger.view, definition) };

  const read = readOutput(definition, ask.output);
  const problems = 'problems' in read ? read.problems : misfits(inStage, definition, read.output, ask.tests);
  if ('problems' in read || problems.length > 0) return rejected(ledger.view, inStage, definition, problems);
  const unproven = definition.entry.tests === 'all_passing' && testsOf(inStage, ask)?.status !== 'passed';
  if (unproven) return refused(ledger, definition, ask, STILL_FAILING);

  const taken = [...opening, ...report(ask, read.output), outputOf(inStage, definition.id, read.output, ask.hostTurns)];
  return settle({ ...ledger, view: await ledger.record(taken) }, rules);
}

const STILL_FAILING: Refusal = {
  rule: 'needs_passing_tests',
  reason: "'improve' is left only when all tests pass",
  next: 'take the last change back and hand in again, or open "debug"',
};

/** After an output was recorded: the stage is left, waits for a person, goes on, or is given up. */
async function settle(ledger: StageLedger, rules: StageRules): Promise<StageStep> {
  const { view } = ledger;
  const { definition, limits, approval } = rules;
  const left = leaving(view, definition, limits, ledger.now);
  if (left === null) return { view, verdict: { ...verdictOf(view, definition.id), iteration: view.iteration - 1 } };
  const place = { stage: definition.id, visit: view.visit, iteration: view.iteration - 1 };
  const asking = approval === 'stage' && left.outcome === 'done';
  const after = await ledger.record(asking ? [{ type: 'approval_asked', payload: place }] : left.events);
  return { view: after, verdict: verdictOf(after, definition.id) };
}

const MOST_OF_A_REASON = 4_000;

/** Records what a person said of the output that waits, and leaves the stage after a yes. Throws a TypeError when nothing waits. */
export async function approve(
  ledger: StageLedger,
  rules: StageRules,
  { by, answer, reason }: { by: 'elicitation' | 'terminal'; answer: 'yes' | 'no'; reason: string | null },
): Promise<StageStep> {
  const { pending } = ledger.view;
  if (!pending) throw new TypeError(`workflow ${ledger.view.id} does not wait for anyone`);
  const { stage, visit, iteration } = pending;
  const why = reason?.slice(0, MOST_OF_A_REASON).toWellFormed() ?? null;
  const given = { type: 'approval_given', payload: { stage, visit, iteration, by, answer, reason: why } };
  const view = await ledger.record([given]);
  if (answer === 'yes') return settle({ ...ledger, view }, { ...rules, approval: 'none' });
  return { view, verdict: verdictOf(view, stage) };
}

/** What is to be said of a stage as things stand; what a person said no to is `rejected`. */
export function verdictOf(view: WorkflowView, stage: StageId): Verdict {
  const objection = view.status === 'open' && view.stage === stage ? view.objection : null;
  return {
    status: objection !== null ? 'rejected' : view.status === 'open' ? 'accepted' : view.status,
    workflow_id: view.id,
    stage,
    visit: view.visits[stage] ?? 0,
    iteration: view.iteration,
    problems: objection === null ? [] : [{ path: '', message: objection }],
    tests_basis: stage === 'analyze' || stage === 'hypothesize' ? null : (view.tests?.basis ?? null),
    next_stage: nextStage(view),
    summary: view.summary,
    next: nextStep(view),
  };
}

function rejected(
  view: WorkflowView,
  { visit, iteration }: WorkflowView,
  { id }: StageDefinition,
  problems: readonly Problem[],
): StageStep {
  const next = `Mend ${problems.length === 1 ? 'this' : `these ${problems.length} problems`} and hand in the whole output again; nothing was recorded.`;
  return {
    view,
    verdict: { ...verdictOf(view, id), status: 'rejected', visit, iteration, problems, next_stage: id, next },
  };
}

async function refused(
  ledger: StageLedger,
  { id }: StageDefinition,
  ask: StageAsk,
  { rule, reason, next }: Refusal,
): Promise<StageStep> {
  // What is said of the tests once the work has ended says nothing about how it ended.
  const said = ledger.view.status === 'open' ? report(ask) : [];
  const view = await ledger.record([...said, { type: 'gate_refused', payload: { stage: id, rule, reason } }]);
  const problems = [{ path: 'stage', message: `${rule}: ${reason}` }];
  return { view, verdict: { ...verdictOf(view, id), status: 'gate_closed', problems, next: `${next}.` } };
}

function notOpen(move: 'again' | 'back' | 'forward', { id }: StageDefinition): Refusal | null {
  if (move === 'forward') return null;
  return {
    rule: 'not_open',
    reason: move === 'again' ? `'${id}' was handed in with another output and is left` : `'${id}' is not open`,
    next: `to go through "${id}" once more, open it first: the same call without output`,
  };
}

/** The facts of entering a stage; one that is still open is left undone. */
function entering({ view, now }: StageLedger, { id }: StageDefinition, hostTurns: number | null): NewEvent[] {
  const entered = { type: 'stage_entered', payload: { stage: id, ...visitAfter(view, id) } };
  if (view.stage === null || view.left) return [entered];
  const turns = hostTurns ?? view.hostTurns;
  const payload = {
    stage: view.stage,
    visit: view.visit,
    outcome: 'gave_up',
    summary: `went back to '${id}'`,
    host_turns: turns,
    basis: turns === null ? null : 'reported',
    ms: Math.max(0, now - view.enteredAt),
  };
  return [{ type: 'stage_left', payload }, entered];
}

function visitAfter({ visits }: WorkflowView, stage: StageId): { visit: number } {
  return { visit: (visits[stage] ?? 0) + 1 };
}

function placeAfter(view: WorkflowView, { id }: StageDefinition) {
  return { ...visitAfter(view, id), stage: id, iteration: 1, observedHere: false };
}

function placeOf({ visit, iteration }: { visit: number; iteration: number }) {
  return { visit, iteration };
}

/** What the host says of the tests, where the output does not say it itself. */
function report({ tests }: StageAsk, output: StageOutput = {}): NewEvent[] {
  if (!tests || isTestReport(output.test_result)) return [];
  const { status, summary } = tests;
  return [{ type: 'tests_reported', payload: { status, summary } }];
}

function testsOf(view: WorkflowView, { tests }: StageAsk): WorkflowView['tests'] {
  return tests ? testsReported(view, tests) : view.tests;
}

function outputOf(
  { visit, iteration }: WorkflowView,
  stage: StageId,
  output: StageOutput,
  hostTurns: number | null,
): NewEvent {
  return { type: 'stage_output', payload: { stage, visit, iteration, output, host_turns: hostTurns } };
}
