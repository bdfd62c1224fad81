import { z } from 'zod';
import { MaestroError } from '../domain/errors.ts';
import { nextStep } from '../domain/next-step.ts';
import type { StageDefinition } from '../domain/stage.ts';
import type { WorkflowLimits } from '../domain/stage-limits.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import type { CallContext, StageBrief } from './calls.ts';
import type { PackRequest } from './pack.ts';
import type { StageDependencies } from './run-stage.ts';
import { budgetOf } from './workflow.ts';

/** Leaves room for the rest of the brief in what hosts show of a result. */
const PACK_TOKENS = 1_500;
/** Debugging and reviewing need the evidence of earlier rounds at hand, the others do not. */
const MOST_FILES = 20;

interface Brief {
  readonly limits: WorkflowLimits;
  /** What is packed. */
  readonly folder: string;
}

/** Everything the holder of an open stage needs. A tree that cannot be packed makes a brief without a pack. */
export async function stageBrief(
  view: WorkflowView,
  definition: StageDefinition,
  { signal }: Pick<CallContext, 'signal'>,
  { store, limits, pack, folder }: Pick<StageDependencies, 'store' | 'pack'> & Brief,
): Promise<StageBrief> {
  const { id, goal, steps, rules, consults, ensemble, output } = definition;
  const { left, used } = await budgetOf(store, view, limits);
  const packed = pack && (await pack(packRequest(folder, view, definition), signal).catch(refusedPack));
  return {
    status: 'opened',
    workflow_id: view.id,
    stage: id,
    visit: view.visit,
    iteration: view.iteration,
    task: view.task,
    goal,
    steps,
    rules,
    tests_basis: view.tests?.basis ?? null,
    found: view.outputs,
    consults: {
      allowed: used.stage + left.stage,
      left: Math.min(left.stage, left.workflow),
      from_iteration: consults.fromIteration,
    },
    ensemble,
    output_schema: z.toJSONSchema(output),
    pack: packed ? { text: packed.text, tokens: packed.tokens, files: packed.files } : null,
    next: nextStep(view),
  };
}

/** What the stage is about: the task, the modules and changes named so far, the error seen last. */
function packRequest(workspace: string, { task, outputs, tests }: WorkflowView, { id }: StageDefinition): PackRequest {
  const { analyze, hypothesize, implement, debug } = outputs;
  const claims = listOf(hypothesize?.hypotheses)
    .filter(({ id }) => id === hypothesize?.selected)
    .map(({ claim }) => claim);
  const changed = [...listOf(implement?.changes), ...listOf(debug ? [debug.change] : [])].map(({ file }) => file);
  const files = [...changed, ...(Array.isArray(analyze?.affected_modules) ? analyze.affected_modules : [])];
  const errors = [debug?.error, tests?.status === 'failed' ? tests.summary : null];
  return {
    workspace,
    task: [task, ...claims].filter(isText).join('\n'),
    files: [...new Set(files.filter(isText))].slice(0, MOST_FILES),
    errors: errors.filter(isText),
    stage: id,
    budget: PACK_TOKENS,
  };
}

function listOf(value: unknown): Array<Readonly<Record<string, unknown>>> {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function refusedPack(error: unknown): null {
  if (error instanceof MaestroError && error.code !== 'cancelled') return null;
  throw error;
}
