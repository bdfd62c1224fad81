import type { WorkflowStateView } from '../app/calls.ts';
import { paint, printable } from './io.ts';

/** Where the work stands, for a person. */
export function renderStatus(state: WorkflowStateView, stream: NodeJS.WriteStream): string {
  const { workflow_id, task, history, running, next } = state;
  const lines = [
    workflow_id === null
      ? 'No task is open here.'
      : `${paint(stream, 'bold', printable(task ?? 'A task without a name'))}  ${workflow_id}`,
    ...(workflow_id === null ? [] : [`  ${where(state)}`]),
    ...history.map(
      ({ stage, visit, outcome, summary }) => `  ${passed(stage, visit)}  ${outcome}  ${printable(summary)}`,
    ),
    ...running.map(
      ({ run_id, kind, since_ms, interrupted }) =>
        `  ${interrupted ? 'interrupted' : 'running'}: ${kind} ${run_id}, begun ${agoOf(since_ms)} ago`,
    ),
    ...measured(state),
    `  → ${printable(next)}`,
  ];
  return lines.join('\n');
}

/** As a person would say it. */
function agoOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function where({ status, stage, visit, iteration }: WorkflowStateView): string {
  if (stage === null) return `${status}, before the first stage`;
  return `${status}, in ${stage}${visit > 1 ? ` (visit ${visit})` : ''}${stage === 'debug' ? `, iteration ${iteration}` : ''}`;
}

function passed(stage: string, visit: number): string {
  return `${stage}${visit > 1 ? ` ${visit}` : ''}`.padEnd(13);
}

function measured({ budget, efficiency }: WorkflowStateView): string[] {
  const others =
    budget &&
    `  asked others: ${budget.used.workflow}, left: ${budget.left.stage} here, ${budget.left.workflow} in all`;
  const value =
    efficiency &&
    (efficiency.value === null ? `– (${efficiency.reason})` : `${efficiency.value.toFixed(2)} (${efficiency.basis})`);
  return [...(others ? [others] : []), ...(value ? [`  efficiency: ${value}`] : [])];
}
