import { createHash } from 'node:crypto';
import { type Candidate, isHypothesis } from '../domain/candidate.ts';
import { MaestroError } from '../domain/errors.ts';
import { redact } from '../domain/redaction.ts';
import { findRun } from '../engine/records.ts';
import { takeSnapshot } from '../verify/snapshot.ts';
import type { StillTree } from '../verify/still-tree.ts';
import type { CallContext, SelectCall, SelectResult } from './calls.ts';
import { candidatesIn } from './candidate-paths.ts';
import type { Operations } from './consult.ts';
import { atHand } from './run-kinds/select.ts';
import { inPlace, type SelectTree } from './select.ts';
import type { SelectWork } from './select-at-hand.ts';
import { candidatesOf, planOf, refuseUnclear, runsSomething } from './select-plan.ts';
import { markTree } from './tree-watch.ts';
import { openWorkflow } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

/**
 * Chooses among candidates by evidence, and by a judge where the mode says so and no test can tell. An identical call on the same
 * tree gets the choice there is. Throws for what is wrong with the call: `bad_candidates`, `usage`, `workspace_missing`, `bad_config`.
 */
export async function selectCall(call: SelectCall, context: CallContext, ops: Operations): Promise<SelectResult> {
  refuseUnclear(call);
  const { folder, project } = await workspaceOf(call.workspace, ops.cwd);
  const ensemble = call.run_id === undefined ? null : await resultOf(call.run_id, ops);
  const candidates = candidatesOf(call, ensemble);
  const characters = charactersOf(candidates);
  const plan = await planOf(call, candidates);
  const view = await openWorkflow(ops.store, { workspace: project, workflow_id: call.workflow_id, task: null });
  const clean = candidates.map(withoutSecrets);
  const tree = runsSomething(plan) ? null : inPlace({ folder, project }, context.signal);
  const work: SelectWork = {
    plan: {
      ...plan,
      task: view.task,
      candidates: clean.map(({ candidate }) => candidate),
      criteria: plan.criteria && safe(plan.criteria),
    },
    withheld: Object.fromEntries(clean.flatMap(({ candidate: { id }, rule }) => (rule === null ? [] : [[id, rule]]))),
    digest: digestOf(candidates),
    tree: await (tree ? standFor(candidates, tree) : standOf(project, context.signal)),
    ensemble: call.run_id ?? null,
  };
  const visit = `${view.stage} ${view.visit}`;
  const order = { kind: 'select', folder, project, workflowId: view.id, visit, request: work };
  using _kept = atHand.keep(work, order, { candidates, tree, characters });
  const performed = await ops.runs.perform(order, context);
  return 'status' in performed ? performed : (performed.result as SelectResult);
}

/** What differs when something does that candidates name in the tree; read now, and not again for the choice. */
async function standFor(candidates: readonly Candidate[], tree: SelectTree & StillTree): Promise<string> {
  if (candidates.some(isHypothesis)) await tree.files();
  const { parse, withFiles } = candidatesIn(tree);
  await Promise.all(
    candidates.map(async (candidate) => {
      const { patch, text, files } = await withFiles(candidate);
      await (files ? Promise.all(Object.keys(files).map(tree.read)) : parse(patch ?? text ?? ''));
    }),
  );
  return tree.stand();
}

const MOST_CHARACTERS = 10_000_000;

/** Throws `bad_candidates` where they are too many. */
function charactersOf(candidates: readonly Candidate[]): number {
  const { length } = JSON.stringify(candidates);
  if (length <= MOST_CHARACTERS) return length;
  throw new MaestroError(
    'bad_candidates',
    `the candidates have ${length} characters together, at most ${MOST_CHARACTERS} are taken`,
    'give patches instead of whole files, or fewer candidates at a time',
  );
}

/** What differs when a file of the tree does: from the marks of its files where git tells them, else from their contents. */
async function standOf(workspace: string, signal: AbortSignal): Promise<string> {
  const tree = await markTree(workspace, signal);
  if (tree?.complete) return digestOf([...tree.marks]);
  const snapshot = await takeSnapshot(workspace, { signal });
  await snapshot.dispose();
  return snapshot.fingerprint;
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

async function resultOf(runId: string, { store }: Operations): Promise<unknown> {
  const run = await findRun(store.queries, runId);
  if (run?.status === 'done') return run.result;
  throw new MaestroError(
    'usage',
    run ? `run ${runId} has no result: it is ${run.status}` : `there is no run ${runId}`,
    run ? `wait for it with maestro_workflow_state(wait_for: "${runId}")` : 'give the run_id that an ensemble returned',
  );
}

/** What may be stored of a candidate, and which rule took something out of it. */
function withoutSecrets(candidate: Candidate): { readonly candidate: Candidate; readonly rule: string | null } {
  const { patch, files, text } = candidate;
  let rule: string | null = null;
  const clean = (value: string): string => {
    const redacted = redact(value);
    rule ??= redacted.found[0]?.rule ?? null;
    return redacted.text;
  };
  const kept: Candidate = {
    ...candidate,
    ...(patch === undefined ? {} : { patch: clean(patch) }),
    ...(text === undefined ? {} : { text: clean(text) }),
    ...(files === undefined
      ? {}
      : {
          files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content && clean(content)])),
        }),
  };
  return { candidate: kept, rule };
}

function safe(text: string): string {
  return redact(text).text;
}
