import type { Screener } from '../../domain/ports.ts';
import type { ScreenerOptions } from './index.ts';

/** Runs the user's command for each candidate, so many at once and no more. */
export function commandScreener({
  baseline,
  fallback,
  concurrency,
}: Pick<ScreenerOptions, 'baseline' | 'fallback' | 'concurrency'>): Screener {
  const queue: Array<() => void> = [];
  let busy = 0;
  return {
    kind: 'command',
    targets: baseline.failing.length,
    screen: async (change, signal) => {
      while (busy >= Math.max(1, concurrency)) await new Promise<void>((resolve) => queue.push(resolve));
      busy++;
      try {
        signal.throwIfAborted();
        return await fallback(change, signal);
      } finally {
        busy--;
        queue.shift()?.();
      }
    },
    coverage: async () => null,
    behaviour: async () => null,
    close: async () => {},
  };
}
