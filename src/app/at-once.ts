import type { CallContext, Maestro } from './calls.ts';
import { openMaestro } from './maestro.ts';

/** Where a single call from a terminal is made. */
export interface AtOnce {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Opens Maestro for one call and waits for its result as long as it takes. */
export async function atOnce<Result>(
  { env, cwd, signal, progress }: AtOnce,
  call: (maestro: Maestro, context: CallContext) => Promise<Result>,
): Promise<Result> {
  await using maestro = await openMaestro({ env, cwd, warn: progress });
  return await call(maestro, { signal, progress, patienceMs: Number.POSITIVE_INFINITY, askPerson: null });
}
