import { STAGE_ORDER, type StageId } from './stage.ts';
import type { WorkflowView } from './workflow.ts';

/** The stage to be in next, the present one while it is not done; null where that is for the tests or a person to say, or nothing is left. */
export function nextStage({ status, stage, left, tests }: WorkflowView): StageId | null {
  if (status !== 'open') return null;
  if (stage === null) return 'analyze';
  if (!left) return stage;
  if (stage === 'analyze' || stage === 'hypothesize') return STAGE_ORDER[STAGE_ORDER.indexOf(stage) + 1]!;
  if (tests?.status === 'passed') return stage === 'improve' ? null : 'improve';
  return tests?.status === 'failed' ? 'debug' : null;
}

/** The next call, spelt out, and what has to be done before it. */
export function nextStep(view: WorkflowView): string {
  const { status, stage, left, objection, summary } = view;
  const stageCall = (id: StageId, more = ''): string =>
    `maestro_run_stage(workflow_id: "${view.id}", stage: "${id}"${more})`;
  if (status === 'finished')
    return 'Nothing: this task is done. A new one begins with maestro_run_stage(stage: "analyze", task: …).';
  if (status === 'awaiting_approval') return approvalStep(view);
  if (status === 'escalated')
    return `Stop and show the summary to a person${summary ? '' : ' (there is none)'}. Only when they want to go on: ${stageCall('analyze')} or ${stageCall('hypothesize')}, with what they say.`;
  const next = nextStage(view);
  if (stage !== null && !left) return handInStep(view, stage, objection, stageCall);
  if (next !== null) return `Open the next stage: ${stageCall(next)}.`;
  return `Run all tests, then ${stageCall('improve', ', test_result: {status: "passed", summary: …}')} when they pass, or stage "debug" with status "failed" when they do not.`;
}

/** How a person says yes or no. */
function approvalStep({ id, stage }: WorkflowView): string {
  return `A person has to approve '${stage}': ask them to run \`maestro approve ${id}\` in a terminal (or with --reject "why"), then call maestro_workflow_state(workflow_id: "${id}"). Do not approve it yourself.`;
}

function handInStep(
  { iteration }: WorkflowView,
  stage: StageId,
  objection: string | null,
  stageCall: (id: StageId, more: string) => string,
): string {
  const why = objection === null ? '' : `A person said no to what was handed in: ${objection}. `;
  const round = stage === 'debug' ? ` of iteration ${iteration}` : '';
  const tests = stage === 'improve' ? ', test_result: what all tests say after your last change' : '';
  return `${why}Do the steps of '${stage}', then hand in the output${round}: ${stageCall(stage, `, output: …${tests}, host_turns: all your turns since the stage was opened`)}. Without output the call shows the brief again.`;
}
