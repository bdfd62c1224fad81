import { checkEnvironment } from '../../platform/environment.ts';

const TIME_LIMIT_MS = 30_000;
const OUTPUT_CAP_BYTES = 128 * 1024 * 1024;
/** Programs that a repository's own configuration could have git start are switched off. */
const HARMLESS = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
const NONE_OF_THEM = 1;

/** Runs git in a folder; its output, or `null` when it fails, is missing, or prints more than could be read whole. */
export async function git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const { exitCode, stdout } = await run(cwd, args, signal);
  return exitCode === 0 ? stdout : null;
}

/** Those of some paths (relative to `cwd`, no end on `/`) that git ignores; `null` when git cannot say. */
export async function ignoredByGit(
  cwd: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  if (paths.length === 0) return new Set();
  const { exitCode, stdout } = await run(cwd, ['check-ignore', '-z', '--stdin'], signal, paths.join('\0'));
  return exitCode === 0 || exitCode === NONE_OF_THEM ? new Set(stdout.split('\0')) : null;
}

/** How git ended, `exitCode` null where its output could not be read whole. */
async function run(cwd: string, args: readonly string[], signal: AbortSignal, stdin?: string) {
  // Most packs start nothing.
  const { runProcess } = await import('../../platform/process.ts');
  const result = await runProcess(
    {
      argv: ['git', ...HARMLESS, ...args],
      cwd,
      env: {
        ...checkEnvironment(),
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        LC_ALL: 'C',
      },
      ...(stdin !== undefined && { stdin }),
    },
    { timeLimitMs: TIME_LIMIT_MS, outputCapBytes: OUTPUT_CAP_BYTES, signal },
  );
  return { stdout: result.stdout, exitCode: result.truncated || result.timedOut ? null : result.exitCode };
}
