import { setImmediate } from 'node:timers/promises';

/** After so many items everything else gets its turn, should `work` not wait for anything. */
const BREATH = 100;

/** `work`, letting everything else have its turn after the first item and every hundredth. */
export function withBreath<T, R>(work: (item: T) => Promise<R>): (item: T) => Promise<R> {
  let done = 0;
  return async (item) => {
    const result = await work(item);
    if (done++ % BREATH === 0) await setImmediate();
    return result;
  };
}
