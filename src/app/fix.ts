import { createHash } from 'node:crypto';
import type { Counts } from '../domain/evidence.ts';
import type { Json } from '../domain/json.ts';
import { createEngine } from '../engine/local.ts';
import { fix as fixFlow } from '../flows/fix.ts';
import type { FixOutcome, FixRequest, Hypothesis, Progress, StageRecord, Winner } from '../flows/fix-contract.ts';
import { writeTree } from '../platform/files.ts';
import { changedPaths, type TreeSnapshot, takeSnapshot } from '../verify/snapshot.ts';
import { fixPorts } from './fix-ports.ts';
import { type Metrics, metricsFrom } from './metrics.ts';
import { loadAdvisors } from './providers.ts';
import { openState } from './state.ts';

export type { Progress };

/** A call of `maestro fix`. */
export interface FixInvocation extends FixRequest {
  readonly cwd: string;
  readonly providers: readonly string[];
  readonly apply: boolean;
}

export interface FixSurroundings {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
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
  const advisors = await loadAdvisors(providers);
  const store = await openState(surroundings.env);
  try {
    await using snapshot = disposable(await takeSnapshot(cwd, surroundings));
    const spec = {
      kind: 'fix',
      key: keyOf(snapshot, request, providers),
      workspace: snapshot.root,
      request: { ...request, providers } satisfies Json,
      signal: surroundings.signal,
    };
    const finished = await createEngine(store).start(spec, async (run) => {
      await using ports = await fixPorts(run, { store, snapshot, advisors, request, ...surroundings });
      return (await fixFlow(run, ports, request)) as unknown as Json;
    });
    const outcome = finished.result as unknown as FixOutcome;
    const { status, patch, change, baseline, after, candidatesTried, winner, hypotheses, why, stages } = outcome;
    const applied = apply && status === 'fixed' ? await applyTo(snapshot, change, surroundings.signal) : null;
    return {
      status,
      patch,
      files: change.map(({ path }) => path),
      baseline,
      after,
      candidates_tried: candidatesTried,
      winner,
      hypotheses,
      why,
      stages,
      metrics: await metricsFrom(store.queries, { runId: finished.id }),
      applied: applied === 'applied',
      left_unapplied: applied === 'applied' ? null : applied,
      resumed: finished.resumed,
      elapsed_ms: Math.round(performance.now() - from),
      run_id: finished.id,
    };
  } finally {
    await store.close();
  }
}

/** The same work has the same key: the tree as it stands, the folder, the command and every option that matters. */
function keyOf({ fingerprint, folder }: TreeSnapshot, request: FixRequest, providers: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, folder, request, providers]))
    .digest('hex');
}

/** Writes the change into the user's tree when that is still as it was; else why not. */
async function applyTo(snapshot: TreeSnapshot, change: FixOutcome['change'], signal: AbortSignal): Promise<string> {
  const changed = await changedPaths(snapshot, signal);
  if (changed.length > 0) {
    const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
    return `${changed.slice(0, 3).join(', ')}${more} changed meanwhile`;
  }
  await writeTree(snapshot.root, change);
  return 'applied';
}

function disposable(snapshot: TreeSnapshot): TreeSnapshot & AsyncDisposable {
  return { ...snapshot, [Symbol.asyncDispose]: () => snapshot.dispose() };
}
