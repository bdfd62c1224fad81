import { checkEnvironment } from '../../platform/environment.ts';
import { runProcess } from '../../platform/process.ts';

const TIME_LIMIT_MS = 30_000;
const OUTPUT_CAP_BYTES = 128 * 1024 * 1024;
/** Programs that a repository's own configuration could have git start are switched off. */
const HARMLESS = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];

/** Runs git in a folder; its output, or `null` when it fails, is missing, or prints more than could be read whole. */
export async function git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
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
    },
    { timeLimitMs: TIME_LIMIT_MS, outputCapBytes: OUTPUT_CAP_BYTES, signal },
  );
  return result.exitCode === 0 && !result.truncated && !result.timedOut ? result.stdout : null;
}
