import type { Counts } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import { fix as fixFlow } from '../flows/fix.ts';
import type { FixOutcome, FixRequest, Progress, StageRecord, Winner } from '../flows/fix-contract.ts';
import { writeTree } from '../platform/files.ts';
import { changedPaths, type TreeSnapshot } from '../verify/snapshot.ts';
import type { FailedTry } from './calls.ts';
import { loadConfig } from './config.ts';
import { failedTry } from './failed-tries.ts';
import { modelsAmong } from './fix-panel.ts';
import { fixPorts } from './fix-ports.ts';
import { type Metrics, metricsFrom } from './metrics.ts';
import { knownAdvisors, loadAdvisors, loadProviders } from './providers.ts';
import { runInTree, type Surroundings } from './run-in-tree.ts';
import { workspaceOf } from './workspace.ts';

export type { Progress };

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
  readonly candidates_tried: number;
  readonly winner: Winner | null;
  /** Where the fault is likely to be, most suspicious first. */
  readonly hypotheses: readonly Hypothesis[];
  readonly why: string;
  readonly stages: readonly StageRecord[];
  /** Models that gave no usable answer, with why and what would help. */
  readonly advisor_failures: readonly FailedTry[];
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
  const config = await loadConfig(await workspaceOf(cwd, cwd), surroundings.env);
  const known = knownAdvisors(config, await loadProviders());
  const models = modelsAmong(known, providers);
  const advisors = await loadAdvisors(providers.filter((name) => !models.includes(name)));
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
      await using ports = await fixPorts(run, { ...tree, advisors, models, config, known, request, ...surroundings });
      return fixFlow(run, ports, request);
    },
    async ({ id, result, resumed }, { store, snapshot }): Promise<FixReport> => {
      const { change, candidatesTried, ...outcome } = result;
      const wanted = apply && outcome.status === 'fixed';
      const obstacle = wanted ? await applyTo(snapshot, change, surroundings.signal) : null;
      return {
        status: outcome.status,
        patch: outcome.patch,
        files: change.map(({ path }) => path),
        baseline: outcome.baseline,
        after: outcome.after,
        candidates_tried: candidatesTried,
        winner: outcome.winner,
        hypotheses: outcome.hypotheses,
        why: outcome.why,
        stages: outcome.stages,
        advisor_failures: outcome.advisorFailures.map(failedTry),
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

/** Writes the change into the user's tree when that is still as it was, else says why not. */
async function applyTo(
  snapshot: TreeSnapshot,
  change: FixOutcome['change'],
  signal: AbortSignal,
): Promise<string | null> {
  const changed = await changedPaths(snapshot, signal);
  if (changed.length === 0) {
    await writeTree(snapshot.root, change);
    return null;
  }
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
  return `${changed.slice(0, 3).join(', ')}${more} changed meanwhile`;
}
