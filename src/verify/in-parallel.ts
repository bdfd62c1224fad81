import { setImmediate } from 'node:timers/promises';

/** After so many items everything else gets its turn, should `work` not wait for anything. */
const BREATH = 100;

/** Calls `work` for every item, `limit` at a time; resolves to the results in order, rejects with the first failure. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) {
      results[index] = await work(item);
      if (index % BREATH === 0) await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
