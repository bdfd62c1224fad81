import { isGone } from '../platform/process-identity.ts';

/** Milliseconds since the epoch: leases are compared between processes, so a monotonic clock will not do. */
interface WallClock {
  now(): number;
}

export interface EngineOptions {
  readonly clock: WallClock;
  /** How long an owner that does not renew keeps a run. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** Executions of one run that may end without an orderly end before it is failed. */
  readonly maxAttempts: number;
  /** Whether the process of that identity is certainly over. */
  readonly processGone: (identity: string) => boolean;
}

const LEASE_MS = 15_000;
const MAX_ATTEMPTS = 5;

/** The options with what was left out filled in: a lease of 15 s, renewed three times as often, 5 attempts. */
export function engineOptions(given: Partial<EngineOptions>): EngineOptions {
  const leaseMs = given.leaseMs ?? LEASE_MS;
  return {
    clock: { now: () => Date.now() },
    heartbeatMs: leaseMs / 3,
    maxAttempts: MAX_ATTEMPTS,
    processGone: isGone,
    ...given,
    leaseMs,
  };
}
