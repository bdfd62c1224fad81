import type { Readable, Writable } from 'node:stream';
import { alignCharacters, OutputCapture } from './output-capture.ts';
import { liveGroups, ProcessGroup } from './process-group.ts';
import { whenEnding } from './when-ending.ts';

export { reapOrphans, setProcessRegistry } from './process-registry.ts';

/** What to start: no shell, `env` is the whole environment, `stdin` is text that is written and closed (absent: empty). */
export interface ProcessSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** `outputCapBytes` holds for each stream and for both together; `graceMs` lies between SIGTERM and SIGKILL (500). */
export interface RunLimits {
  readonly timeLimitMs: number;
  readonly outputCapBytes: number;
  readonly signal: AbortSignal;
  readonly graceMs?: number;
}

/** How a process ended. `spawnError` is set when it never started; then `exitCode` and `signal` are `null`. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly ms: number;
  readonly spawnError: NodeJS.ErrnoException | null;
}

/** `output` is both streams in order of arrival. `timedOut` and `cancelled` say why we ended it, never both. */
export interface ProcessResult extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
}

/** A child that stays. `pid` is -1 when it never started; `kill` resolves when nothing of its group runs any more. */
export interface LiveProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<ProcessEnd>;
  kill(): Promise<void>;
}

const DEFAULT_GRACE_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How often to look whether output still comes once the leader has ended. */
const RUN_DRAIN_MS = 50;
const LIVE_DRAIN_MS = 2_000;

/**
 * Runs a program to its end and never rejects. It leads a process group of its own; the whole group, and descendants
 * that left it where the system can tell, is gone when the promise resolves. Time limit and abort mean SIGTERM, then
 * SIGKILL. Output beyond the cap is read and dropped; its head and its end are kept.
 */
export async function runProcess(spec: ProcessSpec, limits: RunLimits): Promise<ProcessResult> {
  if (limits.signal.aborted) return { ...NEVER_STARTED, cancelled: true };
  const group = new ProcessGroup(spec, spec.stdin === undefined ? 'ignore' : 'pipe');
  const readOutput = captureOutput(group, limits.outputCapBytes);
  if (spec.stdin !== undefined) group.stdin.end(spec.stdin);
  const stop = stopAtLimits(group, limits);
  const end = await group.ended;
  const why = stop();
  await group.drained(RUN_DRAIN_MS);
  return { ...end, ...readOutput(), ...why };
}

/** Starts a child that stays, under the same group rules. A failed start shows in `ended`, never as a throw. */
export function startProcess(spec: Omit<ProcessSpec, 'stdin'>): LiveProcess {
  const group = new ProcessGroup(spec, 'pipe');
  void group.ended.then(() => group.drained(LIVE_DRAIN_MS));
  const { pid, stdin, stdout, stderr, ended } = group;
  return { pid, stdin, stdout, stderr, ended, kill: () => group.terminate(DEFAULT_GRACE_MS) };
}

/**
 * Ends every group that this process started and that still runs; resolves when they are gone. What is left when
 * this process exits is killed then, but not when it dies by a signal that nobody handles.
 */
export async function killAllProcesses(): Promise<void> {
  await Promise.all(liveGroups().map((group) => group.terminate(DEFAULT_GRACE_MS)));
}

whenEnding('processes', killAllProcesses);

const NEVER_STARTED: ProcessResult = {
  exitCode: null,
  signal: null,
  ms: 0,
  spawnError: null,
  stdout: '',
  stderr: '',
  output: '',
  truncated: false,
  timedOut: false,
  cancelled: false,
};

/** Ends the group at the time limit or on abort; the returned function disarms both and says which it was. */
function stopAtLimits(group: ProcessGroup, { signal, timeLimitMs, graceMs = DEFAULT_GRACE_MS }: RunLimits) {
  const why = { timedOut: false, cancelled: false };
  const stop = (reason: keyof typeof why) => {
    if (why.timedOut || why.cancelled || group.isOver) return;
    why[reason] = true;
    void group.terminate(graceMs);
  };
  const onAbort = () => stop('cancelled');
  const timer = setTimeout(() => stop('timedOut'), Math.min(timeLimitMs, LONGEST_TIMER_MS));
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    return why;
  };
}

function captureOutput(group: ProcessGroup, capBytes: number) {
  const both = new OutputCapture(capBytes);
  const flushes: Array<() => void> = [];
  const captures = [group.stdout, group.stderr].map((stream) => {
    const capture = new OutputCapture(capBytes);
    const align = alignCharacters();
    const write = (chunk: Buffer | null) => {
      const whole = align(chunk);
      capture.write(whole);
      both.write(whole);
    };
    stream.on('data', write);
    flushes.push(() => write(null));
    return capture;
  });
  return () => {
    for (const flush of flushes) flush();
    const [stdout, stderr, output] = [...captures, both].map((capture) => capture.read());
    const truncated = output!.truncated || stdout!.truncated || stderr!.truncated;
    return { stdout: stdout!.text, stderr: stderr!.text, output: output!.text, truncated };
  };
}
