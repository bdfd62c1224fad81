import type { Store } from './open.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long things are kept: step results and open runs `days`, and of finished runs at most `maxBytes` in all. */
export const KEPT = { days: 30, maxBytes: 256 * 1024 * 1024 } as const;

const GIVEN_UP = {
  status: 'failed',
  error: 'never resumed',
  owner: null,
  owner_process: null,
  lease_until: null,
} as const;

/**
 * Keeps the state file bounded: drops requests, step results and results of runs untouched for `days`, and of the
 * oldest finished ones while together they hold more than `maxBytes`. An interrupted run that old is given up
 * (`failed`). Runs keep their row and events are never touched, so no metric changes. Returns how many runs were emptied.
 */
export async function prune({ queries, compact }: Store, now: number = Date.now(), kept = KEPT): Promise<number> {
  const oldest = now - kept.days * DAY_MS;
  const emptied = await queries.transaction().execute(async (trx) => {
    const stored = await trx
      .selectFrom('runs')
      .leftJoin('steps', 'steps.run_id', 'runs.id')
      .select((eb) => [
        'runs.id',
        'runs.status',
        'runs.updated_at',
        eb.fn.coalesce(eb.fn.sum<number>(eb.fn('octet_length', ['steps.result'])), eb.val(0)).as('step_bytes'),
        eb.fn.coalesce(eb.fn<number>('octet_length', ['runs.result']), eb.val(0)).as('result_bytes'),
      ])
      .where('runs.request', 'is not', null)
      .where((eb) => eb.or([eb('runs.lease_until', 'is', null), eb('runs.lease_until', '<', oldest)]))
      .groupBy('runs.id')
      .orderBy('runs.updated_at', 'desc')
      .execute();
    let bytes = 0;
    const dropped = stored.filter((run) => {
      const final = run.status === 'done' || run.status === 'failed';
      if (final) bytes += run.step_bytes + run.result_bytes;
      return run.updated_at < oldest || (final && bytes > kept.maxBytes);
    });
    for (const { id, status } of dropped) {
      await trx.deleteFrom('steps').where('run_id', '=', id).execute();
      await trx.updateTable('runs').set({ request: null, result: null }).where('id', '=', id).execute();
      if (status === 'cancelled' || status === 'running')
        await trx.updateTable('runs').set(GIVEN_UP).where('id', '=', id).execute();
    }
    return dropped.length;
  });
  await compact();
  return emptied;
}
