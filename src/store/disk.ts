import { type FileHandle, open } from 'node:fs/promises';
import { explained } from './failures.ts';

/** Puts a state file's write-ahead log on the disk, without holding up the event loop. */
export interface Disk {
  /** Resolves when everything that was committed before the call is on the disk; rejects when the disk refuses. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The disk under the log of a state file that is open: SQLite keeps that log, one file, as long as anybody has the state file open. */
export function diskOf(file: string): Disk {
  let log: Promise<FileHandle> | null = null;
  return {
    flush: sharedTurns(async () => {
      try {
        log ??= open(`${file}-wal`, 'r+');
        await (await log).datasync();
      } catch (error) {
        log = null;
        throw explained(error, file);
      }
    }),
    close: async () => {
      const handle = await log?.catch(() => null);
      await handle?.close();
    },
  };
}

/** `work`, one at a time: who asks while it is under way came too late for that and shares the next turn with all others who did. */
export function sharedTurns(work: () => Promise<void>): () => Promise<void> {
  let present: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    const turn = work().finally(() => {
      if (present === turn) present = null;
    });
    present = turn;
    return turn;
  };
  const begunNext = (): Promise<void> => {
    next = null;
    return begin();
  };
  return () => {
    if (present === null && next === null) return begin();
    next ??= (present ?? Promise.resolve()).then(begunNext, begunNext);
    return next;
  };
}
