import type { Store } from './open.ts';
import { relaxed } from './relaxed.ts';
import type { Queries } from './schema.ts';

/**
 * A transaction that is on the disk when this resolves: nothing may be done on the strength of it before. Others see it, and go on,
 * meanwhile; those who wait for the disk at the same time wait for it once.
 */
export function lasting<T>(
  { queries, disk }: Pick<Store, 'queries' | 'disk'>,
  work: (trx: Queries) => Promise<T>,
): Promise<T> {
  if (disk === null) return queries.transaction().execute(work);
  return disk.put(() => relaxed(queries, work));
}
