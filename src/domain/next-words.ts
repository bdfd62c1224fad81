import { nextStep } from './next-step.ts';
import type { WorkflowView } from './workflow.ts';

/** What to do next, in the terms of whoever reads it. */
export interface NextWords {
  readonly nothingOpen: string;
  readonly step: (view: WorkflowView) => string;
  /** Before the next step of a task that nobody touched for so many days. */
  readonly idle: (days: number, view: WorkflowView) => string;
  /** A run that is under way. */
  readonly running: (runId: string) => string;
  /** A run whose process is gone; `anyServer`: it is of a kind that any server takes up. */
  readonly interrupted: (run: { readonly id: string; readonly kind: string }, anyServer: boolean) => string;
}

/** In calls of the tools. */
export const TO_HOST: NextWords = {
  nothingOpen:
    'No task is open here. Begin one with maestro_run_stage(stage: "analyze", task: …), or, for a quick second opinion, call maestro_consult.',
  step: nextStep,
  idle: (days, { id }) =>
    `Nothing happened in this task for ${days} days. If it is not the one at hand, begin afresh with maestro_run_stage(stage: "analyze", task: what is wrong now, in other words), or have a person run \`maestro workflow end --workflow ${id}\`. If it is:`,
  running: (runId) =>
    `Collect the run that is under way: maestro_workflow_state(wait_for: "${runId}", wait_ms: 100000).`,
  interrupted: ({ id, kind }, anyServer) =>
    anyServer
      ? `A run was interrupted; this takes it up and collects it: maestro_workflow_state(wait_for: "${id}", wait_ms: 100000).`
      : `A run of the kind '${kind}' was interrupted at a terminal (${id}). Leave it to whoever began it.`,
};

/** In commands, for a person at a terminal. */
export const TO_PERSON: NextWords = {
  nothingOpen:
    'Ask for a second opinion: maestro consult "…". Have a failing test command mended: maestro fix -- <test command>.',
  step: stepAtTerminal,
  idle: (days, { id }) =>
    `Nothing happened in this task for ${days} days. If it is over: maestro workflow end --workflow ${id}; what you ask then begins a new one. If not:`,
  running: (runId) => `Run ${runId} is under way in another process: the same command waits for it.`,
  interrupted: ({ id }) =>
    `Run ${id} was interrupted: its process is gone. The same command in the same tree takes it up; nothing is paid twice.`,
};

function stepAtTerminal({ id, status, stage, left }: WorkflowView): string {
  const end = `maestro workflow end --workflow ${id} --outcome solved, or abandoned`;
  if (status === 'finished')
    return 'Nothing: this task is done. What you ask next begins a new one (or: maestro workflow begin --task "…").';
  if (status === 'awaiting_approval')
    return `'${stage}' waits for your word: maestro approve ${id}, or with --reject "why".`;
  if (status === 'escalated')
    return `This task was handed over to you. Tell your agent what you found and it goes on, or end it: ${end}.`;
  const agent = stage === null || left ? '' : ` Your agent goes on with '${stage}'.`;
  return `Ask for another opinion: maestro consult "…".${agent} When the task is over: ${end}.`;
}
