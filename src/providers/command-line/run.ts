import type { AdviceLimits } from '../../domain/advice.ts';
import { runWatched, type WatchedEnd } from '../../platform/watched-process.ts';
import type { Dialect, Invocation, PrivateFolders, Program } from './dialect.ts';
import { programEnvironment } from './environment.ts';

/** Above any answer: what more comes is not read any further. */
const OUTPUT_CAP_BYTES = 96 * 1024 * 1024;
const GRACE_MS = 500;

/** What one run of a program takes. */
export interface Run {
  readonly program: Program;
  readonly folders: PrivateFolders;
  readonly invocation: Invocation;
  readonly stdin: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: AdviceLimits;
  readonly signal: AbortSignal;
  /** Puts the command line into what confines it. */
  readonly confine: (argv: readonly string[]) => string[];
}

/** Starts the program in its private folders and waits for its end; nothing of it runs afterwards. */
export function runProgram(
  dialect: Dialect,
  { program, folders, invocation, stdin, env, limits, signal, confine }: Run,
): Promise<WatchedEnd> {
  const { firstOutputMs, silenceMs, totalMs } = limits;
  return runWatched(
    {
      argv: confine([program.path, ...invocation.args]),
      cwd: folders.cwd,
      env: {
        ...programEnvironment(env),
        HOME: folders.home,
        USERPROFILE: folders.home,
        TMPDIR: folders.tmp,
        TMP: folders.tmp,
        TEMP: folders.tmp,
        ...invocation.env,
      },
      stdin,
    },
    {
      firstOutputMs,
      silenceMs: dialect.streams ? silenceMs : Math.max(silenceMs, firstOutputMs),
      totalMs,
      outputCapBytes: OUTPUT_CAP_BYTES,
      signal,
      graceMs: GRACE_MS,
      complaint: dialect.toolComplaint,
    },
    (line) => dialect.meaning(line),
  );
}
