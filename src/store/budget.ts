import { randomUUID } from 'node:crypto';
import type { Limit, Reservation } from '../domain/budget.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Store } from './open.ts';
import { relaxed } from './relaxed.ts';
import type { Queries } from './schema.ts';

/** Budget shared by every process on the state file; nothing is counted twice and no limit is passed by one. */
export interface Budget {
  /**
   * Takes `amount` from every scope of `limits`, or from none. It is held while the run it is for has a living owner
   * and given back when the run ends or its lease runs out before it is settled. Throws `lease_lost` when the run
   * is not being worked on.
   */
  reserve(runId: string, limits: readonly Limit[], amount: number): Promise<Reservation>;
  /**
   * As `reserve`, and settled with all of it in the same statement: it stays counted whatever becomes of the run. Does not
   * wait for the disk: the step in which it is paid does, before anything is asked.
   */
  pay(runId: string, limits: readonly Limit[], amount: number): Promise<Reservation>;
  /** Records what was used, at most what was reserved; the rest is free again. A second call changes nothing. */
  settle(id: string, used: number): Promise<void>;
  /** Gives back part of what was settled and turned out not to be used; what is left of it is never below 0. */
  giveBack(id: string, amount: number): Promise<void>;
  /** What is left in each scope, in the order given. */
  left(limits: readonly Limit[]): Promise<number[]>;
}

/** The budget over a store; `now` is milliseconds since the epoch, the clock leases are kept by. */
export function createBudget({ queries }: Store, now: () => number = Date.now): Budget {
  const take = async (runId: string, limits: readonly Limit[], amount: number, settled: number | null) => {
    if (limits.length === 0 || !Number.isInteger(amount) || amount < 1)
      throw new RangeError(`budget is reserved in whole numbers from 1 and against a limit, not ${amount}`);
    for (;;) {
      const wanted = { id: randomUUID(), runId, limits, amount, settled, at: now() };
      // Until it is settled it ends with its owner, as it does when power is lost.
      const granted = await relaxed(queries, (trx) => insertIfAllFit(trx, wanted));
      const left = await leftIn(queries, limits, now());
      if (granted) return { granted, id: wanted.id, left };
      const full = limits.findIndex((_, index) => left[index]! < amount);
      if (full >= 0) return { granted, ...limits[full]!, left: left[full]! };
      await assertHeld(queries, runId, now());
    }
  };
  return {
    reserve: (runId, limits, amount) => take(runId, limits, amount, null),
    pay: (runId, limits, amount) => take(runId, limits, amount, amount),

    async settle(id, used) {
      const reserved = await queries
        .selectFrom('reservations')
        .select('amount')
        .where('id', '=', id)
        .executeTakeFirst();
      if (!reserved || !Number.isInteger(used) || used < 0 || used > reserved.amount)
        throw new RangeError(`reservation ${id} of ${reserved?.amount ?? 'nothing'} cannot be settled with ${used}`);
      await queries
        .updateTable('reservations')
        .set({ settled: used })
        .where('id', '=', id)
        .where('settled', 'is', null)
        .execute();
    },

    async giveBack(id, amount) {
      if (!Number.isInteger(amount) || amount < 0) throw new RangeError(`${amount} cannot be given back`);
      await queries
        .updateTable('reservations')
        .set((row) => ({ settled: row.fn<number>('max', [row.val(0), row('settled', '-', amount)]) }))
        .where('id', '=', id)
        .where('settled', 'is not', null)
        .execute();
    },

    left: (limits) => leftIn(queries, limits, now()),
  };
}

interface Wanted {
  readonly id: string;
  readonly runId: string;
  readonly limits: readonly Limit[];
  readonly amount: number;
  readonly settled: number | null;
  readonly at: number;
}

/** One row a scope, selected only where every scope has room: checked and written by the same statement. */
async function insertIfAllFit(queries: Queries, { id, runId, limits, amount, settled, at }: Wanted): Promise<boolean> {
  const rows = limits.map(({ scope }) =>
    heldRuns(queries, at)
      .select((row) => [
        row.val(id).as('id'),
        row.val(scope).as('scope'),
        'runs.id as run_id',
        row.ref('runs.owner').$notNull().as('owner'),
        row.val(amount).as('amount'),
        row.val(settled).as('settled'),
        row.val(at).as('at'),
      ])
      .where('runs.id', '=', runId)
      .where((row) => row.and(limits.map((each) => row(taken(queries, each.scope, at), '<=', each.limit - amount)))),
  );
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('reservations')
    .columns(['id', 'scope', 'run_id', 'owner', 'amount', 'settled', 'at'])
    .expression(rows.reduce((all, row) => all.unionAll(row)))
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === BigInt(limits.length);
}

async function leftIn(queries: Queries, limits: readonly Limit[], at: number): Promise<number[]> {
  const sums = await Promise.all(limits.map(({ scope }) => taken(queries, scope, at).executeTakeFirstOrThrow()));
  return limits.map(({ limit }, index) => Math.max(0, limit - sums[index]!.taken));
}

/** Settled amounts, and reserved ones whose run is still in the hands of who reserved them. */
function taken(queries: Queries, scope: string, at: number) {
  return queries
    .selectFrom('reservations')
    .select((row) => row.fn.coalesce(row.fn.sum<number>(row.fn.coalesce('settled', 'amount')), row.val(0)).as('taken'))
    .where('scope', '=', scope)
    .where((row) =>
      row.or([
        row('settled', 'is not', null),
        row(
          row.ref('reservations.owner'),
          'in',
          heldRuns(queries, at).select((run) => run.ref('runs.owner').$notNull().as('owner')),
        ),
      ]),
    );
}

/** Runs somebody works on. */
function heldRuns(queries: Queries, at: number) {
  return queries.selectFrom('runs').where('runs.status', '=', 'running').where('runs.lease_until', '>', at);
}

async function assertHeld(queries: Queries, runId: string, at: number): Promise<void> {
  const run = await heldRuns(queries, at).select('runs.id').where('runs.id', '=', runId).executeTakeFirst();
  if (run) return;
  throw new MaestroError(
    'lease_lost',
    `run ${runId} is not being worked on, so no budget can be held for it`,
    'run the command again: it resumes from what was committed',
  );
}
