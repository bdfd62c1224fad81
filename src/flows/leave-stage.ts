import type { NewEvent } from '../domain/ports.ts';
import type { StageDefinition } from '../domain/stage.ts';
import type { WorkflowLimits } from '../domain/stage-limits.ts';
import { handover, summaryOf } from '../domain/stage-words.ts';
import { isTestReport } from '../domain/tests-seen.ts';
import type { WorkflowView } from '../domain/workflow.ts';

/** How a stage ends, and the facts that say so. */
export interface Leaving {
  readonly outcome: 'done' | 'escalated';
  readonly events: readonly NewEvent[];
}

/**
 * How the stage ends with the output recorded last; null when it goes on: a stage of several rounds is done when the
 * tests pass, and given up after its last round. `now` is milliseconds since the epoch.
 */
export function leaving(
  view: WorkflowView,
  definition: StageDefinition,
  { debug_iterations }: Pick<WorkflowLimits, 'debug_iterations'>,
  now: number,
): Leaving | null {
  const last = view.handedIn.at(-1);
  if (!last) return null;
  const { test_result } = last.output;
  const passed = isTestReport(test_result) && test_result.status === 'passed';
  if (definition.iterations > 1 && !passed)
    return last.iteration < debug_iterations ? null : { outcome: 'escalated', events: escalation(view, now) };
  const summary = summaryOf(last.output);
  const isLast = definition.id === 'improve';
  return {
    outcome: 'done',
    events: [left(view, 'done', summary, now), ...(isLast ? [finished(view, true, now)] : [])],
  };
}

/** The facts of a person ending the task: a stage that is open is left undone, and `solved` is their word where no test was seen to pass. */
export function ending(view: WorkflowView, outcome: 'solved' | 'abandoned', now: number): NewEvent[] {
  const isOpen = view.stage !== null && !view.left;
  const undone = isOpen ? [left(view, 'gave_up', `ended by a person: ${outcome}`, now)] : [];
  if (outcome === 'solved') {
    const tests = view.tests?.status === 'passed' ? view.tests : null;
    return [...undone, finished({ ...view, tests }, true, now)];
  }
  const ms = Math.max(0, now - view.openedAt);
  return [...undone, { type: 'workflow_finished', payload: { outcome, passed: null, basis: null, ms } }];
}

function escalation(view: WorkflowView, now: number): NewEvent[] {
  const { stage, visit } = view;
  const summary = handover(view);
  return [
    left(view, 'escalated', `handed over to a person after ${view.handedIn.length} iterations`, now),
    { type: 'escalated', payload: { stage, visit, summary } },
    finished(view, false, now),
  ];
}

function left(
  { stage, visit, hostTurns, enteredAt }: WorkflowView,
  outcome: string,
  summary: string,
  now: number,
): NewEvent {
  const basis = hostTurns === null ? null : 'reported';
  const ms = Math.max(0, now - enteredAt);
  return { type: 'stage_left', payload: { stage, visit, outcome, summary, host_turns: hostTurns, basis, ms } };
}

/** The end of the task as far as is known: work that was handed over did not pass, until it is taken up again and does. */
function finished({ openedAt, tests }: WorkflowView, passed: boolean, now: number): NewEvent {
  const outcome = passed ? 'fixed' : 'not_fixed';
  const basis = tests?.basis ?? 'reported';
  return { type: 'workflow_finished', payload: { outcome, passed, basis, ms: Math.max(0, now - openedAt) } };
}
