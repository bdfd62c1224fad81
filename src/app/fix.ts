import { join } from 'node:path';
import type { ChangeSet } from '../domain/change.ts';
import type { Counts } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import { fix as fixFlow } from '../flows/fix.ts';
import type { FixOutcome, FixRequest, Progress, StageRecord, Winner } from '../flows/fix-contract.ts';
import { writeTree } from '../platform/files.ts';
import { createEmbeddedAdvisor } from '../repair/index.ts';
import { readEvents } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { changedPaths, type TreeSnapshot } from '../verify/snapshot.ts';
import type { FailedTry } from './calls.ts';
import { limitsIn } from './config.ts';
import { failedTry } from './failed-tries.ts';
import type { Asked } from './fix-panel.ts';
import { fixPorts } from './fix-ports.ts';
import { type Metrics, metricsFrom } from './metrics.ts';
import { patchesOf } from './patches.ts';
import { runInTree, type Surroundings } from './run-in-tree.ts';

export type { Progress };

/** The provider that asks no model. */
const TEMPLATES = 'embedded';

/** What is not in the snapshot is told, as far as a person would read it. */
const MAX_NOTES = 5;

/** A call of `maestro fix`. */
export interface FixInvocation extends FixRequest {
  readonly cwd: string;
  readonly providers: readonly string[];
  readonly apply: boolean;
}

export interface FixSurroundings extends Surroundings {
  readonly progress: (progress: Progress) => void;
}

/** What `maestro fix --json` prints; public API. */
export interface FixReport {
  readonly status: FixOutcome['status'];
  readonly patch: string | null;
  /** Files the patch changes. */
  readonly files: readonly string[];
  readonly baseline: Counts & { readonly flaky: number };
  readonly after: Counts | null;
  /** `exit_status`: the command names no test, and its exit status is all there is to go by. */
  readonly evidence: FixOutcome['evidence'];
  readonly candidates_tried: number;
  /** Nothing was found, and the budget of consults is why nobody was asked any more. */
  readonly ended_by_budget: boolean;
  readonly winner: Winner | null;
  /** Where the fault is likely to be, most suspicious first. */
  readonly hypotheses: readonly Hypothesis[];
  readonly why: string;
  readonly stages: readonly StageRecord[];
  /** Where models were asked: those that gave no usable answer, with why and what would help. */
  readonly advisor_failures?: readonly FailedTry[];
  /** Where models were asked: those named whose turn never came, and why. */
  readonly advisors_left_out?: ReadonlyArray<{ readonly provider: string; readonly why: string }>;
  readonly metrics: Metrics;
  readonly applied: boolean;
  /** Why the patch was not applied although that was asked for. */
  readonly left_unapplied: string | null;
  /** Whether an interrupted run was taken up. */
  readonly resumed: boolean;
  readonly elapsed_ms: number;
  readonly run_id: string;
}

/**
 * Looks for a patch that makes the command pass. Throws a MaestroError for what the user can do something about, and
 * `cancelled` when interrupted: the same call then resumes.
 */
export async function fix(invocation: FixInvocation, surroundings: FixSurroundings): Promise<FixReport> {
  const from = performance.now();
  const { cwd, providers, apply, ...request } = invocation;
  const asked = await modelsAmong(providers, cwd, surroundings.env);
  const advisors = asked === null || asked.templates ? [createEmbeddedAdvisor()] : [];
  return runInTree(
    {
      kind: 'fix',
      cwd,
      request: { ...request, providers },
      kept: { command: request.command, task: request.task, providers },
    },
    surroundings,
    async (run, tree) => {
      for (const text of tree.snapshot.notes.slice(0, MAX_NOTES)) surroundings.progress({ kind: 'note', text });
      const { progress } = surroundings;
      const { root, folder } = tree.snapshot;
      const { workflow: consults } = await limitsIn(join(root, folder), surroundings.env);
      await using ports = await fixPorts(run, { ...tree, advisors, asked, request, consults, progress });
      return fixFlow(run, ports, request);
    },
    async ({ id, result, resumed }, { store, snapshot }): Promise<FixReport> => {
      const { candidatesTried, endedByBudget, ...outcome } = result;
      const whole = outcome.patch === null ? null : await wholeOf(snapshot, outcome.patch);
      const wanted = apply && outcome.status === 'fixed';
      const obstacle = wanted ? await applyTo(snapshot, whole?.change ?? [], surroundings.signal) : null;
      return {
        status: outcome.status,
        patch: whole?.patch ?? outcome.patch,
        files: outcome.files,
        baseline: outcome.baseline,
        after: outcome.after,
        evidence: outcome.evidence,
        candidates_tried: candidatesTried,
        ended_by_budget: endedByBudget,
        winner: outcome.winner,
        hypotheses: outcome.hypotheses,
        why: outcome.why,
        stages: outcome.stages,
        ...(asked === null ? {} : await advisorsIn(store, id, asked, outcome)),
        metrics: await metricsFrom(store.queries, { runId: id }),
        applied: wanted && obstacle === null,
        left_unapplied: obstacle,
        resumed,
        elapsed_ms: Math.round(performance.now() - from),
        run_id: id,
      };
    },
  );
}

/** Who is asked beside the templates; `null` when nobody is, and then nothing that asks is loaded. */
async function modelsAmong(names: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Asked | null> {
  if (names.every((name) => name === TEMPLATES)) return null;
  const { askedOf } = await import('./fix-panel.ts');
  const asked = await askedOf(names, cwd, env);
  return asked.models.length === 0 ? null : asked;
}

/** What came of those named: who failed, and whose turn never came. */
async function advisorsIn(
  { queries }: Store,
  runId: string,
  { models, consults }: Asked,
  { status, advisorFailures }: Pick<FixOutcome, 'status' | 'advisorFailures'>,
): Promise<Pick<FixReport, 'advisor_failures' | 'advisors_left_out'>> {
  const events = await readEvents(queries, { runId });
  const asked = new Set(events.map((event) => (event.type === 'consult_asked' ? event.payload.provider : null)));
  const turns = `a fix run asks at most ${consults.stage} a stage and ${consults.workflow} in all`;
  const why = status === 'already_passing' ? 'nothing fails' : turns;
  const leftOut = models.filter((model) => !asked.has(model)).map((provider) => ({ provider, why }));
  return { advisor_failures: advisorFailures.map(failedTry), advisors_left_out: leftOut };
}

/** The patch as it applies to the tree: what is stored has its secrets taken out. */
async function wholeOf(snapshot: TreeSnapshot, stored: string) {
  const patches = patchesOf(snapshot);
  const parsed = await patches.parse(stored);
  if (!parsed.ok) throw new Error(`the patch that was found cannot be read again: ${parsed.problem}`);
  return { patch: await patches.render(parsed.change), change: parsed.change };
}

/** Writes the change into the user's tree when that is still as it was, else says why not. */
async function applyTo(snapshot: TreeSnapshot, change: ChangeSet, signal: AbortSignal): Promise<string | null> {
  const changed = await changedPaths(snapshot, signal);
  if (changed.length === 0) {
    await writeTree(snapshot.root, change);
    return null;
  }
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
  return `${changed.slice(0, 3).join(', ')}${more} changed meanwhile`;
}
