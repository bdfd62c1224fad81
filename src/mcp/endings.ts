import { leaveNothing } from '../platform/when-ending.ts';

/** How long ending politely may take before the process ends all the same. */
const PATIENCE_MS = 5_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Endings {
  /** Resolves when it is time to end: a signal came, or `end` was called. */
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Runs these one after the other, ends every child and grandchild, removes temporary folders, ends with status 0. */
  readonly exit: (closing: ReadonlyArray<() => Promise<void>>) => Promise<never>;
}

/** When and how a server process ends. A second signal ends it without waiting for anyone. */
export function endings(log: (text: string) => void): Endings {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let signals = 0;
  for (const signal of SIGNALS)
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) void leaveNothing().finally(() => process.exit(0));
      else end();
    });
  return {
    ended,
    end,
    exit: async (closing) => {
      setTimeout(() => void leaveNothing().finally(() => process.exit(0)), PATIENCE_MS).unref();
      const killed = leaveNothing();
      for (const close of closing) await close().catch((error: unknown) => log(`while ending: ${error}`));
      await killed;
      await leaveNothing();
      process.exit(0);
    },
  };
}
