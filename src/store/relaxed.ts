import { sql } from 'kysely';
import type { Queries } from './schema.ts';

/**
 * A transaction that does not wait for the disk. It is atomic and survives the death of this process; a loss of power may undo
 * it, and then all that came after it, up to the next transaction that does wait. For what can be done again for nothing.
 */
export function relaxed<T>(queries: Queries, work: (trx: Queries) => Promise<T>): Promise<T> {
  if (queries.isTransaction) return work(queries);
  return queries.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = full`.execute(connection);
    }
  });
}
