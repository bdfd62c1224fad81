import { CONSULT_LIMITS, consultLimits, type Limit } from './budget.ts';
import type { StageDefinition } from './stage.ts';
import type { WorkflowView } from './workflow.ts';

/** How often others may be asked and how long debugging goes on; what a configuration may tighten. */
export interface WorkflowLimits {
  readonly stage: number;
  readonly workflow: number;
  readonly debug_iterations: number;
}

export const WORKFLOW_LIMITS: WorkflowLimits = { ...CONSULT_LIMITS, debug_iterations: 5 };

/** A workflow before its first stage has a budget scope too. */
const BEFORE_THE_FIRST = 'none';

/**
 * The two scopes a consult of this workflow is taken from: the visit to the stage it is in (where none was opened,
 * `hint`), then the workflow. The smaller of the stage's own allowance and the limit counts.
 */
export function limitsOf(
  view: Pick<WorkflowView, 'id' | 'stage' | 'visit'>,
  definition: Pick<StageDefinition, 'id' | 'consults'> | null,
  limits: Pick<WorkflowLimits, 'stage' | 'workflow'> = WORKFLOW_LIMITS,
): Limit[] {
  const stage = definition?.id ?? BEFORE_THE_FIRST;
  const scope = view.visit > 1 ? `${stage}.${view.visit}` : stage;
  const most = Math.min(limits.stage, definition?.consults.most ?? limits.stage);
  return consultLimits(view.id, scope, { stage: most, workflow: limits.workflow });
}
