import { leaveNothing } from '../platform/when-ending.ts';
import type { Io } from './io.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 128 + the signal's number when one came; such a stop is not a result. */
  readonly exitStatus: number | null;
  /** Ends every child and removes every temporary folder. */
  cleanUp(): Promise<void>;
}

/** How long work may take to stop by itself after a signal. */
const PATIENCE_MS = 5_000;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort; a second one cleans up and ends at once. */
export function listenForSignals(io: Io): Interrupt {
  const controller = new AbortController();
  let exitStatus: number | null = null;
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (exitStatus !== null) {
        void leaveNothing().finally(() => process.exit(128 + number));
        return;
      }
      exitStatus = 128 + number;
      controller.abort(new Error(`stopped by ${name}`));
      setTimeout(() => void leaveNothing().finally(() => process.exit(128 + number)), PATIENCE_MS).unref();
    });
  }
  for (const stream of [io.stdout, io.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') controller.abort(new Error('the reader of the output is gone'));
    });
  }
  return {
    signal: controller.signal,
    get exitStatus() {
      return exitStatus;
    },
    cleanUp: leaveNothing,
  };
}
