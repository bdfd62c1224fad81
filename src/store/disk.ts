import { fdatasyncSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { explained } from './failures.ts';

/** The disk under a state file's write-ahead log. */
export interface Disk {
  /** What `commit` comes to, once all that it and others committed before its end is on the disk; rejects when the disk refuses. */
  put<T>(commit: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Puts a log on the disk: before it returns, or in a thread meanwhile. */
export interface Flush {
  now(): Promise<void>;
  meanwhile(): Promise<void>;
}

/** The disk under the log of a state file that is open: SQLite keeps that log, one file, as long as anybody has the state file open. */
export function diskOf(file: string): Disk {
  let log: Promise<FileHandle> | null = null;
  const onLog = async (flush: (handle: FileHandle) => void | Promise<void>): Promise<void> => {
    try {
      log ??= open(`${file}-wal`, 'r+');
      await flush(await log);
    } catch (error) {
      log = null;
      throw explained(error, file);
    }
  };
  const put = putting({
    now: () => onLog(({ fd }) => fdatasyncSync(fd)),
    meanwhile: () => onLog((handle) => handle.datasync()),
  });
  return {
    put,
    close: async () => {
      const handle = await log?.catch(() => null);
      await handle?.close();
    },
  };
}

/** Who commits alone waits for the disk at once, which is quickest; of several at a time nobody holds up the others, and all wait for it once. */
export function putting({ now, meanwhile }: Flush): Disk['put'] {
  const shared = sharedTurns(meanwhile);
  let committing = 0;
  return async (commit) => {
    committing += 1;
    try {
      const result = await commit();
      await (committing === 1 ? now() : shared());
      return result;
    } finally {
      committing -= 1;
    }
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
