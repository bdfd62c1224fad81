import { fdatasyncSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { refusedByDisk } from './failures.ts';

/** The disk under a state file's write-ahead log. */
export interface Disk {
  /** What `commit` comes to, once all that it and others committed before its end is on the disk; rejects when the disk refuses. */
  put<T>(commit: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens a log that is there, as Node opens any file. */
export type OpenLog = (path: string, flags: 'r+') => Promise<Pick<FileHandle, 'fd' | 'datasync' | 'close'>>;

/** Puts a log on the disk: before it returns, or in a thread meanwhile. */
export interface Flush {
  now(): Promise<void>;
  meanwhile(): Promise<void>;
}

/**
 * The disk under the log beside the state file `name`, which is open: SQLite keeps that log, one file, as long as anybody has it
 * open. Once the disk refused, a later flush may succeed without what it refused, so the next waits for `rewrite` instead: that
 * brings all that is committed to the disk anew. Whatever refuses is a MaestroError about `file` that passes.
 */
export async function diskOf(
  name: string,
  file: string,
  rewrite: () => Promise<void>,
  openLog: OpenLog = open,
): Promise<Disk> {
  const told = (error: unknown): never => {
    throw refusedByDisk(error, file);
  };
  const log = await openLog(`${name}-wal`, 'r+').catch(told);
  let refusals = 0;
  let mended = 0;
  const onLog = async (flush: () => void | Promise<void>): Promise<void> => {
    const known = refusals;
    try {
      if (known === mended) return await flush();
      await rewrite();
      mended = Math.max(mended, known);
    } catch (error) {
      refusals += 1;
      told(error);
    }
  };
  const put = putting({ now: () => onLog(() => fdatasyncSync(log.fd)), meanwhile: () => onLog(() => log.datasync()) });
  return { put, close: () => log.close() };
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
