import type { Json } from '../domain/json.ts';
import type { NewEvent } from '../domain/ports.ts';
import { boundedJson, fromJson } from '../store/bounded-json.ts';
import { appendEvents } from '../store/events.ts';
import { lasting } from '../store/lasting.ts';
import type { Store } from '../store/open.ts';
import { relaxed } from '../store/relaxed.ts';
import type { Queries, RunStatus } from '../store/schema.ts';
import type { Claim } from './claim.ts';
import { leaseLost } from './failures.ts';
import type { EngineOptions } from './options.ts';

const MAX_RESULT_BYTES = 32 * 1024 * 1024;

/** A step that recorded nothing else cost nothing: after a loss of power it is made again. All others wait for the disk. */
const REPEATABLE: ReadonlySet<NewEvent['type']> = new Set(['policy_decided']);

/** What one execution of a run reads and writes. Every write throws `lease_lost` once another owner took over. */
export interface Journal {
  committed(step: string): Promise<{ readonly result: Json } | null>;
  /** Commits the result and the events of a step together; returns the result as it will be read back. */
  commit(step: string, result: unknown, events: readonly NewEvent[]): Promise<Json>;
  /** Gives the run out of our hands, with its result or the error that ended it. */
  finish(
    status: Exclude<RunStatus, 'running'>,
    end: { result?: unknown; error?: Error & { code?: string } },
  ): Promise<void>;
  renew(): Promise<void>;
}

/** The journal of a claimed run. */
export function openJournal(store: Store, { row, owner, resumed }: Claim, { clock, leaseMs }: EngineOptions): Journal {
  const { queries } = store;
  const origin = { runId: row.id, workflowId: row.workflow_id, workspace: row.workspace };

  const renewIn = async (trx: Queries): Promise<number> => {
    const now = clock.now();
    const { numUpdatedRows } = await trx
      .updateTable('runs')
      .set({ lease_until: now + leaseMs, updated_at: now })
      .where('id', '=', row.id)
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw leaseLost(row.id);
    return now;
  };

  return {
    async committed(step) {
      if (!resumed) return null;
      const found = await queries
        .selectFrom('steps')
        .select('result')
        .where('run_id', '=', row.id)
        .where('name', '=', step)
        .executeTakeFirst();
      return found ? { result: fromJson(found.result) } : null;
    },

    async commit(step, result, events) {
      const text = boundedJson(result ?? null, `the result of step '${step}'`, MAX_RESULT_BYTES);
      const write = async (trx: Queries): Promise<void> => {
        const now = await renewIn(trx);
        await trx.insertInto('steps').values({ run_id: row.id, name: step, result: text, committed_at: now }).execute();
        await appendEvents(trx, origin, events, now);
      };
      await (events.every(({ type }) => REPEATABLE.has(type)) ? relaxed(queries, write) : lasting(store, write));
      return fromJson(text);
    },

    async finish(status, { result, error }) {
      const text = status === 'done' ? boundedJson(result ?? null, 'the result of the run', MAX_RESULT_BYTES) : null;
      await relaxed(queries, async (trx) => {
        const now = await renewIn(trx);
        await trx
          .updateTable('runs')
          .set((eb) => ({
            status,
            result: text,
            error: status === 'failed' ? (error?.message ?? null) : null,
            attempts: status === 'cancelled' ? eb('attempts', '-', 1) : eb.ref('attempts'),
            owner: null,
            owner_process: null,
            lease_until: null,
          }))
          .where('id', '=', row.id)
          .execute();
        await appendEvents(
          trx,
          origin,
          [{ type: 'run_finished', payload: { status, error: error?.code ?? null } }],
          now,
        );
      });
    },

    renew: async () => {
      await relaxed(queries, renewIn);
    },
  };
}
