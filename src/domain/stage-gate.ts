import { nextStage } from './next-step.ts';
import { STAGE_ORDER, type StageDefinition, type StageId } from './stage.ts';
import type { Tests } from './tests-seen.ts';
import type { WorkflowView } from './workflow.ts';

/** Which way a workflow goes when it is to be in a stage: it is in it (`stay`), on to it, back to it, or once more into the same. */
export type Move = 'stay' | 'forward' | 'again' | 'back';

export function moveTo({ stage, left }: WorkflowView, to: StageId): Move {
  if (stage === to) return left ? 'again' : 'stay';
  return stage !== null && STAGE_ORDER.indexOf(to) < STAGE_ORDER.indexOf(stage) ? 'back' : 'forward';
}

/** Why a stage is not entered, and what to do instead. */
export interface Refusal {
  readonly rule: string;
  readonly reason: string;
  readonly next: string;
}

type Gate = (view: WorkflowView, to: StageDefinition, tests: Tests | null) => Refusal | null;

/** Whether the stage may be entered, given what is known of the tests; null: it may. The first gate that is closed answers. */
export function closedGate(view: WorkflowView, to: StageDefinition, tests: Tests | null): Refusal | null {
  for (const gate of [ended, inOrder, hypothesis, testGate]) {
    const refusal = gate(view, to, tests);
    if (refusal) return refusal;
  }
  return null;
}

const ended: Gate = ({ status }, { id }) => {
  if (status === 'finished')
    return {
      rule: 'finished',
      reason: 'this workflow is finished',
      next: 'for a new task leave workflow_id out and open "analyze"',
    };
  if (status === 'escalated' && id !== 'analyze' && id !== 'hypothesize')
    return {
      rule: 'escalated',
      reason: 'the work was handed over to a person',
      next: 'show them the summary; when they want to go on, open "analyze" or "hypothesize" with what they say',
    };
  return null;
};

const inOrder: Gate = (view, { id, entry: { after } }) => {
  if (after.length === 0) return null;
  const { stage, left, outputs } = view;
  const order = { rule: 'order', reason: `'${id}' comes after ${after.map((one) => `'${one}'`).join(' or ')}` };
  if (moveTo(view, id) !== 'forward')
    return after.some((before) => outputs[before]) ? null : { ...order, next: `open "${after[0]}" first` };
  if (stage !== null && !left)
    return { rule: 'stage_open', reason: `'${stage}' is not done`, next: `hand in the output of "${stage}" first` };
  if (stage !== null && after.includes(stage)) return null;
  return { ...order, next: `open "${nextStage(view) ?? 'analyze'}" first` };
};

const hypothesis: Gate = ({ outputs, testCommand }, { id }) => {
  if (id !== 'implement' || (outputs.hypothesize?.selected && testCommand)) return null;
  return {
    rule: 'needs_hypothesis',
    reason: 'no hypothesis with a test command was selected',
    next: 'open "hypothesize" and hand in hypotheses, selected and test_command',
  };
};

const testGate: Gate = (_, { id, entry }, tests) => {
  const wanted = { any: null, some_failing: 'failed', all_passing: 'passed' }[entry.tests];
  if (wanted === null || tests?.status === wanted) return null;
  const known = tests
    ? `they ${WORDS[tests.status]} (${tests.basis}: ${tests.summary.slice(0, 300)})`
    : 'nothing is known';
  return wanted === 'passed'
    ? {
        rule: 'needs_passing_tests',
        reason: `'${id}' is entered only when all tests pass; ${known}`,
        next: 'run all tests: when they pass, call again with test_result {status: "passed", summary}; when not, open "debug"',
      }
    : {
        rule: 'needs_failing_tests',
        reason: `'${id}' is for tests that fail; ${known}`,
        next: 'run all tests: when one fails, call again with test_result {status: "failed", summary}; when not, open "improve"',
      };
};

const WORDS = { passed: 'pass', failed: 'fail', not_run: 'were not run' } as const;
