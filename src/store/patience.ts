import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './failures.ts';

/** How long a write waits for other processes in all, and how long one try may block this process. */
const PATIENCE_MS = 30_000;
export const BLOCKING_MS = 250;

/** Repeats `attempt` while another process holds the lock, without blocking the event loop in between. */
export async function whileBusy<T>(attempt: () => T, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await sleep(5 + Math.random() * 20);
  }
}
