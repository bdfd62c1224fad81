import { Buffer } from 'node:buffer';
import type { ProcessEnd, ProcessSpec } from './process.ts';
import { ProcessGroup } from './process-group.ts';

/** When to end a program that answers line by line. All in ms; `silenceMs` counts from the first output on. */
export interface WatchLimits {
  readonly firstOutputMs: number;
  readonly silenceMs: number;
  readonly totalMs: number;
  /** More bytes on stdout than this end it too. */
  readonly outputCapBytes: number;
  readonly signal: AbortSignal;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** What on stderr ends it at once. */
  readonly complaint?: RegExp | null;
}

/** Why it was ended before it ended itself. */
export type WatchStop = 'first_output' | 'silence' | 'total' | 'too_much' | 'unwanted' | 'complaint' | 'cancelled';

export interface WatchedEnd extends ProcessEnd {
  /** What came on stdout until the end or the stop; bytes that are not UTF-8 are replaced. */
  readonly stdout: string;
  /** The end of what came on stderr. */
  readonly stderr: string;
  readonly stopped: WatchStop | null;
}

/** What a line of stdout, or the first 4 KiB of it, means: nothing yet, output that was waited for, or a reason to end the program at once. */
export type LineMeaning = 'preamble' | 'output' | 'unwanted';

const STDERR_BYTES = 64 * 1024;
/** Of a longer line only so much of its beginning is looked at, as soon as it is there. */
const LOOKED_AT_BYTES = 4 * 1024;
/** A complaint may come in two pieces. */
const LONGEST_COMPLAINT = 200;
const DRAIN_MS = 50;

/**
 * Runs a program that streams its answer, and never rejects. Its stdin is written and closed. At a limit, on abort and
 * on an unwanted line its whole process group is ended; when the promise resolves, nothing of it runs any more.
 */
export async function runWatched(
  spec: ProcessSpec,
  limits: WatchLimits,
  meaning: (line: string) => LineMeaning,
): Promise<WatchedEnd> {
  const group = new ProcessGroup(spec, 'pipe');
  const watch = new Watch(group, limits);
  const stdout: Buffer[] = [];
  let stderr = Buffer.alloc(0);
  const lines = lineReader((line) => watch.heard(meaning(line)));
  group.stdout.on('data', (chunk: Buffer) => {
    if (!watch.takes(chunk.length)) return;
    stdout.push(chunk);
    lines(chunk);
  });
  group.stderr.on('data', (chunk: Buffer) => {
    const from = Math.max(0, stderr.length - LONGEST_COMPLAINT);
    stderr = Buffer.concat([stderr, chunk]);
    if (limits.complaint?.test(stderr.toString('latin1', from))) watch.end('complaint');
    stderr = stderr.subarray(-STDERR_BYTES);
  });
  group.stdin.end(spec.stdin ?? '');
  const end = await group.ended;
  watch.disarm();
  await group.drained(DRAIN_MS);
  return { ...end, stdout: Buffer.concat(stdout).toString(), stderr: stderr.toString(), stopped: watch.stopped };
}

/** The limits of one run, and which of them ended it. */
class Watch {
  stopped: WatchStop | null = null;
  readonly #group: ProcessGroup;
  readonly #limits: WatchLimits;
  readonly #total: NodeJS.Timeout;
  readonly #onAbort = () => this.end('cancelled');
  #next: NodeJS.Timeout;
  #bytes = 0;
  #spoke = false;

  constructor(group: ProcessGroup, limits: WatchLimits) {
    this.#group = group;
    this.#limits = limits;
    this.#total = setTimeout(() => this.end('total'), limits.totalMs);
    this.#next = setTimeout(() => this.end('first_output'), limits.firstOutputMs);
    limits.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (limits.signal.aborted) this.end('cancelled');
  }

  /** Whether so many further bytes are taken; those after a stop are read and dropped. */
  takes(bytes: number): boolean {
    if (this.stopped) return false;
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.outputCapBytes) this.end('too_much');
    else if (this.#spoke) this.#waitForMore();
    return !this.stopped;
  }

  heard(meaning: LineMeaning): void {
    if (meaning === 'unwanted') this.end('unwanted');
    if (meaning !== 'output' || this.#spoke || this.stopped) return;
    this.#spoke = true;
    this.#waitForMore();
  }

  disarm(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#next);
    this.#limits.signal.removeEventListener('abort', this.#onAbort);
  }

  #waitForMore(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.end('silence'), this.#limits.silenceMs);
  }

  /** Ends the group for that reason, unless it is over or being ended. */
  end(why: WatchStop): void {
    if (this.stopped || this.#group.isOver) return;
    this.stopped = why;
    void this.#group.terminate(this.#limits.graceMs);
  }
}

/** Hands on the beginning of each line, once: at its end, or when enough of it has come. */
function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  let looked = false;
  const look = (part: Buffer, atEnd: boolean) => {
    if (looked) return;
    held = Buffer.concat([held, part.subarray(0, LOOKED_AT_BYTES - held.length)]);
    if (!atEnd && held.length < LOOKED_AT_BYTES) return;
    looked = true;
    onLine(held.toString());
  };
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      look(chunk.subarray(from, end), true);
      held = Buffer.alloc(0);
      looked = false;
      from = end + 1;
    }
    if (from < chunk.length) look(chunk.subarray(from), false);
  };
}
