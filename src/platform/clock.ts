import type { Clock } from '../domain/ports.ts';

/** The clock of this process: monotonic, unaffected by changes of the system's time. */
export const systemClock: Clock = { now: () => performance.now() };
