import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MaestroError } from '../domain/errors.ts';
import { createEngine, type Engine, type Finished } from '../engine/local.ts';
import { newestRun } from '../engine/records.ts';
import type { Store } from '../store/open.ts';
import { prune } from '../store/retention.ts';
import type { CallContext, Running } from './calls.ts';
import { type RunKind, runKinds } from './run-kind.ts';
import { ticking } from './ticking.ts';
import { VERSION } from './version.ts';
import type { Workspace } from './workspace.ts';

/** Work to be done once: the same kind and request in the same visit to a stage of a workflow is the same work. */
export interface RunOrder extends Workspace {
  readonly kind: string;
  readonly workflowId: string;
  /** The visit to a stage in which it is asked for. */
  readonly visit: string;
  /** JSON, without secrets: everything the work needs beside the folder. */
  readonly request: object;
}

/** A result, and whether it was there before; or word that the work goes on. */
export type Performed = { readonly result: unknown; readonly runId: string; readonly reused: boolean } | Running;

export interface Runs {
  /**
   * The result of that work: an earlier one where it may be used again, that of somebody who is at it already, or a new one.
   * A `Running` once the caller's patience is over; the work then goes on. Ends with the caller's signal before that.
   */
  perform(order: RunOrder, context: CallContext): Promise<Performed>;
  /** Takes up a run whose owner is gone, without waiting for its end; false where it is not one that can be taken up. */
  adopt(runId: string): Promise<boolean>;
  /** Interrupts what this process works on and waits until it has stopped; it can be taken up again. */
  close(): Promise<void>;
}

export interface RunDependencies {
  readonly store: Store;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (line: string) => void;
  readonly kinds?: () => Promise<ReadonlyMap<string, RunKind>>;
}

const POLL_MS = 100;
/** How long somebody else's work is followed before looking whether its owner is gone. */
const FOLLOW_MS = 2_000;

/** What this process is working on. */
interface Work {
  readonly id: Promise<string>;
  readonly done: Promise<Finished<unknown>>;
  readonly controller: AbortController;
  /** Where its progress goes; replaced by whoever waits for it. */
  progress: (message: string) => void;
}

/** Durable work in this process, over runs that every process on the same state file shares. */
export function createRuns({ store, env, warn, kinds = runKinds }: RunDependencies): Runs {
  const engine = createEngine(store);
  const own = new Set<Work>();
  const adopting = new Set<string>();
  let closed = false;

  async function begin(spec: Begun): Promise<Work> {
    const kind = (await kinds()).get(spec.kind);
    if (!kind)
      throw new MaestroError('usage', `there are no runs of the kind '${spec.kind}'`, 'update maestro-workflow');
    if (closed) throw new MaestroError('cancelled', 'Maestro is being stopped', 'call again');
    return started(engine, kind, spec, { store, env, warn }, own);
  }

  return {
    async perform(order, context) {
      const { kind, project: workspace, workflowId } = order;
      const request = { folder: relative(workspace, order.folder), ...order.request };
      const key = keyOf(order, request);
      const until = performance.now() + context.patienceMs;
      const { isReusable } = (await kinds()).get(kind)!;
      for (;;) {
        const newest = await newestRun(store.queries, { kind, workspace, key });
        if (newest?.status === 'done' && newest.result !== null && isReusable(newest.result))
          return { result: newest.result, runId: newest.id, reused: true };
        const work = await begin({ kind, key, workspace, workflowId, request });
        const performed =
          (await outcome(work, workflowId, until, context).catch(ifNotRunning)) ??
          (await follow(store, { kind, workspace, workflowId, key }, until, context));
        if (performed) return performed;
      }
    },

    async adopt(runId) {
      if (adopting.has(runId)) return true;
      const run = await engine.find(runId);
      const isOpen = run?.status === 'running' || run?.status === 'cancelled';
      if (!isOpen || closed || !(await kinds()).has(run.kind)) return false;
      adopting.add(runId);
      const { done } = await begin({ ...run, only: runId });
      done.catch(() => undefined).finally(() => adopting.delete(runId));
      return true;
    },

    async close() {
      closed = true;
      const reason = new MaestroError('cancelled', 'Maestro was stopped', 'call again: what was committed is kept');
      for (const { controller } of own) controller.abort(reason);
      await Promise.allSettled([...own].map(({ done }) => done));
      // Growing a little longer is no reason to fail.
      await prune(store).catch(() => undefined);
    },
  };
}

interface Begun {
  readonly kind: string;
  readonly key: string;
  readonly workspace: string;
  readonly workflowId: string;
  readonly request: unknown;
  /** Only if this run is still the one to take up. */
  readonly only?: string;
}

function started(
  engine: Engine,
  kind: RunKind,
  spec: Begun,
  parts: Pick<RunDependencies, 'store' | 'env' | 'warn'>,
  own: Set<Work>,
): Work {
  const controller = new AbortController();
  const begun = Promise.withResolvers<string>();
  begun.promise.catch(() => undefined);
  const { workspace, workflowId, request, only } = spec;
  const folder = join(workspace, (request as { folder?: string } | null)?.folder ?? '');
  const done = engine.start({ ...spec, signal: controller.signal }, async (run): Promise<unknown> => {
    if (only !== undefined && run.id !== only) throw new Error(`run ${only} was finished by somebody else`);
    begun.resolve(run.id);
    await using talk = ticking((message) => work.progress(message));
    return await kind.work(run, request, { ...parts, folder, project: workspace, workflowId, progress: talk.say });
  });
  const work: Work = { controller, id: begun.promise, done, progress: () => undefined };
  own.add(work);
  done.catch(begun.reject).finally(() => own.delete(work));
  return work;
}

/** Waits for work of this process; the caller's signal ends the work as long as the caller waits. */
async function outcome(work: Work, workflowId: string, until: number, context: CallContext): Promise<Performed> {
  const { signal } = context;
  work.progress = context.progress;
  const cancel = (): void => work.controller.abort(signal.reason);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const runId = await work.id;
    const finished = await withPatience(work.done, until - performance.now());
    return finished ? { result: finished.result, runId, reused: false } : running(runId, workflowId);
  } finally {
    signal.removeEventListener('abort', cancel);
    work.progress = () => undefined;
  }
}

/** Null once patience is over. */
async function withPatience<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  if (!Number.isFinite(ms)) return promise;
  const controller = new AbortController();
  const over = sleep(Math.max(0, ms), null, { signal: controller.signal }).catch(() => null);
  try {
    return await Promise.race([promise, over]);
  } finally {
    controller.abort();
  }
}

/** Waits a while for work that another call or process is at; null when it is time to look whether it can be taken up. */
async function follow(
  store: Store,
  order: Pick<Begun, 'kind' | 'key' | 'workspace' | 'workflowId'>,
  until: number,
  { signal, progress }: CallContext,
): Promise<Performed | null> {
  const lookAgain = performance.now() + FOLLOW_MS;
  progress('waiting for the same question, which is being asked already');
  for (;;) {
    const run = await newestRun(store.queries, order);
    if (run?.status === 'done') return { result: run.result, runId: run.id, reused: true };
    if (run?.status !== 'running' || performance.now() > lookAgain) return null;
    if (performance.now() > until) return running(run.id, order.workflowId);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function running(runId: string, workflowId: string): Running {
  return {
    status: 'running',
    run_id: runId,
    workflow_id: workflowId,
    next: `it goes on; collect it with maestro_workflow_state(wait_for: "${runId}")`,
  };
}

function ifNotRunning(error: unknown): null {
  if (error instanceof MaestroError && error.code === 'already_running') return null;
  throw error;
}

function keyOf({ workflowId, visit }: RunOrder, request: object): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, workflowId, visit, request]))
    .digest('hex');
}
