import { MaestroError } from '../domain/errors.ts';
import type { Run } from '../domain/ports.ts';
import type { Store } from '../store/open.ts';
import { type Claim, claimRun } from './claim.ts';
import { interrupted } from './failures.ts';
import { type Journal, openJournal } from './journal.ts';
import { keepLease } from './lease.ts';
import { type EngineOptions, engineOptions } from './options.ts';
import { findRun, listRuns, type RunFilter, type RunRecord } from './records.ts';
import { durableRun } from './run.ts';

/** What a run is for. The same workspace, kind and key is the same work: it resumes while it is not finished. */
export interface RunSpec {
  readonly kind: string;
  readonly key: string;
  /** Real path of the workspace. */
  readonly workspace: string;
  /** What was asked for: JSON, kept beside the run. */
  readonly request: unknown;
  /** The task this run is a part of; left out, the run is its own. */
  readonly workflowId?: string;
  /** Interrupts the run, which then can be resumed. */
  readonly signal?: AbortSignal;
}

export interface Finished<T> {
  readonly id: string;
  readonly result: T;
  /** Whether an earlier process had begun it. */
  readonly resumed: boolean;
  /** Steps that were not executed because they were committed before. */
  readonly stepsReused: number;
}

export interface Engine {
  /**
   * Works on a run until its flow ends with a result that is JSON. Throws what the flow throws: the run is then
   * `failed`, except after a full disk or the like, when it can be resumed. Throws `cancelled` when interrupted, and
   * `already_running`, `run_crashed`, `lease_lost`, or what the store reports.
   */
  start<T>(spec: RunSpec, flow: (run: Run) => Promise<T>): Promise<Finished<T>>;
  find(id: string): Promise<RunRecord | null>;
  /** Newest first, at most 100 unless said otherwise. */
  list(filter: RunFilter): Promise<RunRecord[]>;
}

/** The engine that keeps its journal in the local state file and shares it with other processes of this machine. */
export function createEngine(store: Store, given: Partial<EngineOptions> = {}): Engine {
  const { queries } = store;
  const options = engineOptions(given);
  return {
    async start(spec, flow) {
      const claim = await claimRun(queries, spec, options);
      return execute(claim, openJournal(store, claim, options), flow, spec.signal, options.heartbeatMs);
    },
    find: (id) => findRun(queries, id),
    list: (filter) => listRuns(queries, filter),
  };
}

async function execute<T>(
  { row: { id }, resumed }: Claim,
  journal: Journal,
  flow: (run: Run) => Promise<T>,
  cancel: AbortSignal | undefined,
  heartbeatMs: number,
): Promise<Finished<T>> {
  const lease = keepLease(journal, heartbeatMs);
  const run = durableRun(id, AbortSignal.any(cancel ? [cancel, lease.lost] : [lease.lost]), journal);
  try {
    const result = await flow(run);
    await journal.finish('done', { result });
    return { id, result, resumed, stepsReused: run.stepsReused };
  } catch (error) {
    if (lease.lost.aborted) throw lease.lost.reason;
    throw await ended(id, journal, error, cancel?.aborted ?? false);
  } finally {
    lease.release();
  }
}

/** Failures that lie outside the run and pass: it can be resumed once they are over. */
function passes(error: Error): boolean {
  return error instanceof MaestroError && ['disk_full', 'store_busy', 'store_unwritable'].includes(error.code);
}

/** Notes how the run ended and returns what to throw: a run that was taken over is not ours to note. */
async function ended(id: string, journal: Journal, error: unknown, cancelled: boolean): Promise<unknown> {
  const reason = error instanceof Error ? error : new Error(String(error));
  const outcome = cancelled ? interrupted(id, error) : reason;
  await journal.finish(cancelled || passes(reason) ? 'cancelled' : 'failed', { error: outcome });
  return outcome;
}
