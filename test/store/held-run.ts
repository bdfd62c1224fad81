import type { Store } from '../../src/store/open.ts';
import type { RunStatus } from '../../src/store/schema.ts';

/** A run as the engine would have left it in the file. */
export async function putRun(
  { queries }: Store,
  id: string,
  run: {
    status?: RunStatus;
    owner?: string | null;
    /** The identity of its process; one that nobody has unless given. */
    process?: string;
    leaseUntil?: number | null;
    updatedAt?: number;
    result?: string;
  } = {},
): Promise<void> {
  const { status = 'running', owner = `owner of ${id}`, leaseUntil = Number.MAX_SAFE_INTEGER, updatedAt = 1 } = run;
  await queries
    .insertInto('runs')
    .values({
      id,
      kind: 'test',
      key: id,
      workspace: '/p',
      workflow_id: id,
      status,
      request: '{"a":1}',
      result: run.result ?? null,
      error: null,
      owner,
      owner_process: owner && (run.process ?? owner),
      lease_until: leaseUntil,
      attempts: 1,
      created_at: updatedAt,
      updated_at: updatedAt,
    })
    .execute();
}
