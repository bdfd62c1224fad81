import { MaestroError } from '../domain/errors.ts';
import type { Journal } from './journal.ts';

/** A lease kept alive until it is released; `lost` aborts, with the reason, once another process took over. */
export interface Lease {
  readonly lost: AbortSignal;
  release(): void;
}

/**
 * Renews in the background. A renewal that fails for another reason (a full disk, a busy file) is tried again at the
 * next beat: if the lease is lost meanwhile, that beat or the next write says so.
 */
export function keepLease(journal: Journal, heartbeatMs: number): Lease {
  const controller = new AbortController();
  const beat = setInterval(() => {
    journal.renew().catch((error: unknown) => {
      if (error instanceof MaestroError && error.code === 'lease_lost') controller.abort(error);
    });
  }, heartbeatMs);
  beat.unref();
  return { lost: controller.signal, release: () => clearInterval(beat) };
}
