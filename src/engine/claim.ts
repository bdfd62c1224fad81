import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownIdentity } from '../platform/process-identity.ts';
import { boundedJson } from '../store/bounded-json.ts';
import { appendEvents } from '../store/events.ts';
import { relaxed } from '../store/relaxed.ts';
import type { Queries, RunRow } from '../store/schema.ts';
import { alreadyRunning, crashedTooOften, interrupted } from './failures.ts';
import type { RunSpec } from './local.ts';
import { type EngineOptions, engineOptions } from './options.ts';

/** What the calls let through, with room: a question with its outputs, or candidates with their files. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** A run in our hands: `owner` fences every write of this execution. */
export interface Claim {
  readonly row: RunRow;
  readonly owner: string;
  readonly resumed: boolean;
}

type Decision = { readonly claimed: Claim } | { readonly refused: Error } | { readonly waitFor: RunRow };

/**
 * Takes the run of that key into our hands: the open one where its owner is gone, a new one where all are finished.
 * An owner whose lease ran out but whose process may be alive (the machine slept, the clock jumped) gets the time of
 * a heartbeat to renew it. Throws `already_running` or `run_crashed`.
 */
export async function claimRun(queries: Queries, spec: RunSpec, options: EngineOptions): Promise<Claim> {
  const first = await decide(queries, spec, options, null);
  const decision = 'waitFor' in first ? await decideAgain(queries, spec, options, first.waitFor) : first;
  if ('claimed' in decision) return decision.claimed;
  throw 'refused' in decision ? decision.refused : alreadyRunning(decision.waitFor);
}

async function decideAgain(queries: Queries, spec: RunSpec, options: EngineOptions, seen: RunRow): Promise<Decision> {
  await sleep(options.heartbeatMs * 1.5, undefined, spec.signal ? { signal: spec.signal } : {}).catch(
    (error: unknown) => {
      throw interrupted(seen.id, error);
    },
  );
  return decide(queries, spec, options, seen);
}

/** One look at the key and one decision, in one transaction. `seen` is the row that had its time to renew. */
function decide(queries: Queries, spec: RunSpec, options: EngineOptions, seen: RunRow | null): Promise<Decision> {
  return relaxed(queries, async (trx): Promise<Decision> => {
    const open = await trx
      .selectFrom('runs')
      .selectAll()
      .where('workspace', '=', spec.workspace)
      .where('kind', '=', spec.kind)
      .where('key', '=', spec.key)
      .where('status', 'in', ['running', 'cancelled'])
      .executeTakeFirst();
    if (!open) return { claimed: await begin(trx, spec, options) };
    const holder = holderOf(open, options);
    if (holder === 'alive') return { refused: alreadyRunning(open) };
    const renewed = seen?.owner !== open.owner || seen?.lease_until !== open.lease_until;
    if (holder === 'silent' && renewed) return { waitFor: open };
    if (open.attempts < options.maxAttempts) return { claimed: await takeOver(trx, open, options) };
    return { refused: await giveUp(trx, open, options) };
  });
}

/** Whether nobody is seen to work on a run that is called running: its process is gone, or has let its lease run out. */
export function isOrphan(row: Held, options: EngineOptions = engineOptions({})): boolean {
  return holderOf(row, options) !== 'alive';
}

type Held = Pick<RunRow, 'owner' | 'owner_process' | 'lease_until'>;

/** `silent`: the lease is over, or further away than any lease this clock gives, but the process may be alive. */
function holderOf(row: Held, { clock, leaseMs, processGone }: EngineOptions): 'nobody' | 'alive' | 'silent' {
  if (row.owner === null || row.owner_process === null || row.lease_until === null) return 'nobody';
  if (processGone(row.owner_process)) return 'nobody';
  const left = row.lease_until - clock.now();
  return left > 0 && left <= 2 * leaseMs ? 'alive' : 'silent';
}

async function begin(trx: Queries, spec: RunSpec, options: EngineOptions): Promise<Claim> {
  const now = options.clock.now();
  const owner = randomUUID();
  const id = await freeId(trx, spec);
  const row = await trx
    .insertInto('runs')
    .values({
      id,
      kind: spec.kind,
      key: spec.key,
      workspace: spec.workspace,
      workflow_id: spec.workflowId ?? id,
      request: boundedJson(spec.request, 'the request', MAX_REQUEST_BYTES),
      result: null,
      error: null,
      ...held(owner, now, options),
      attempts: 1,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return started(trx, { row, owner, resumed: false }, now);
}

async function takeOver(trx: Queries, open: RunRow, options: EngineOptions): Promise<Claim> {
  const now = options.clock.now();
  const owner = randomUUID();
  const row = await trx
    .updateTable('runs')
    .set({ ...held(owner, now, options), attempts: open.attempts + 1 })
    .where('id', '=', open.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return started(trx, { row, owner, resumed: true }, now);
}

function held(owner: string, now: number, { leaseMs }: EngineOptions) {
  return {
    status: 'running',
    owner,
    owner_process: ownIdentity(),
    lease_until: now + leaseMs,
    updated_at: now,
  } as const;
}

async function started(trx: Queries, claim: Claim, now: number): Promise<Claim> {
  const { id, kind, workflow_id, workspace, attempts } = claim.row;
  const payload = { kind, attempt: attempts, resumed: claim.resumed };
  await appendEvents(trx, { runId: id, workflowId: workflow_id, workspace }, [{ type: 'run_started', payload }], now);
  return claim;
}

async function giveUp(trx: Queries, open: RunRow, { clock }: EngineOptions): Promise<Error> {
  const { id, workflow_id, workspace } = open;
  const now = clock.now();
  const error = crashedTooOften(open);
  await trx
    .updateTable('runs')
    .set({
      status: 'failed',
      error: error.message,
      owner: null,
      owner_process: null,
      lease_until: null,
      updated_at: now,
    })
    .where('id', '=', id)
    .execute();
  const payload = { status: 'failed', error: error.code };
  await appendEvents(trx, { runId: id, workflowId: workflow_id, workspace }, [{ type: 'run_finished', payload }], now);
  return error;
}

/** `<kind>-<hash of the key>`, and `-2`, `-3` … for later runs of the same key. Rows are never deleted. */
async function freeId(trx: Queries, { workspace, kind, key }: RunSpec): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([workspace, kind, key]))
    .digest('hex')
    .slice(0, 12);
  const { earlier } = await trx
    .selectFrom('runs')
    .select((eb) => eb.fn.countAll<number>().as('earlier'))
    .where('workspace', '=', workspace)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return earlier === 0 ? `${kind}-${hash}` : `${kind}-${hash}-${earlier + 1}`;
}
