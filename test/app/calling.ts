import type { CallContext } from '../../src/app/calls.ts';

/** A call whose host waits as long as it takes. */
export function calling(changes: Partial<CallContext> = {}): CallContext {
  return {
    signal: new AbortController().signal,
    progress: () => undefined,
    patienceMs: Number.POSITIVE_INFINITY,
    askPerson: null,
    ...changes,
  };
}
