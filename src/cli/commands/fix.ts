import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FixReport } from '../../app/fix.ts';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { FixDisplay } from '../fix-display.ts';
import { print, printable } from '../io.ts';
import { count, duration, repeated } from '../options.ts';
import { renderFix } from '../render-fix.ts';

interface Options {
  readonly cwd?: string;
  readonly providers: string;
  readonly task?: string;
  readonly timeLimit?: number;
  readonly maxCandidates: number;
  readonly maxIterations: number;
  readonly protect?: readonly string[];
  readonly apply?: true;
  readonly out?: string;
  readonly json?: true;
}

/** How long it takes unless told otherwise: models think longer than templates. */
const ALONE_MS = 120_000;
const ASKING_MS = 600_000;

const STATUS: Record<FixReport['status'], number> = {
  fixed: EXIT.ok,
  already_passing: EXIT.ok,
  not_fixed: EXIT.notFound,
};

export const command: CommandDefinition<Options> = {
  name: 'fix',

  declare: (command) =>
    command
      .description(
        'Find a minimal patch that makes a failing test command pass. The working tree is not touched unless --apply.',
      )
      .usage('[options] -- <test command> [args…]')
      .option('--cwd <dir>', 'where the tests run (default: here)')
      .option(
        '--providers <list>',
        'who is asked, by name, separated by commas: codex, gemini, claude, …, embedded',
        'embedded',
      )
      .option('--task <text>', 'what is wrong, in words')
      .option(
        '--time-limit <time>',
        'stop after this long: 90s, 2m (default: 120s, 10m where a model is asked)',
        duration,
      )
      .option('--max-candidates <n>', 'try at most this many candidates', count, 20_000)
      .option('--max-iterations <n>', 'at most this many rounds of debugging', count, 5)
      .option('--protect <glob>', 'never change files like these (repeatable)', repeated)
      .option('--apply', 'apply the patch to the working tree, if it is still as it was')
      .option('--out <file>', 'write the patch to this file')
      .option('--json', 'print the result as JSON')
      .addHelpText(
        'after',
        '\nExit status: 0 a verified patch was found (or nothing fails) · 1 none found · 2 wrong use · 3 the tests cannot run',
      ),

  async run(options, { io, rest, signal }: CommandContext): Promise<number> {
    if (!rest || rest.length === 0) {
      throw new MaestroError('usage', 'there is no test command', 'put it after two dashes: maestro fix -- npm test');
    }
    const out = options.out === undefined ? null : writable(resolve(io.cwd, options.out));
    const { fix } = await import('../../app/fix.ts');
    const providers = options.providers.split(',').map((name) => name.trim());
    const timeLimitMs = options.timeLimit ?? (providers.every((name) => name === 'embedded') ? ALONE_MS : ASKING_MS);
    const display = new FixDisplay(io, timeLimitMs);
    let report: FixReport;
    try {
      report = await fix(
        {
          cwd: resolve(io.cwd, options.cwd ?? '.'),
          command: rest,
          providers,
          task: options.task ?? null,
          timeLimitMs,
          maxCandidates: options.maxCandidates,
          maxIterations: options.maxIterations,
          protect: options.protect ?? [],
          apply: options.apply === true,
        },
        { signal, env: io.env, progress: (progress) => display.show(progress) },
      );
    } finally {
      display.close();
    }
    const unwritten = out && report.patch !== null ? await notWritten(out, report.patch) : null;
    await print(io.stderr, renderFix(report, io.stderr, unwritten ? undefined : options.out));
    if (options.json) await print(io.stdout, `${JSON.stringify(report)}\n`);
    else if (report.patch !== null && (!out || unwritten))
      await print(io.stdout, io.stdout.isTTY ? printable(report.patch) : report.patch);
    if (unwritten) throw unwritten;
    return STATUS[report.status];
  },
};

/** The file to write to, looked at before the work begins. */
function writable(out: string): string {
  const folder = dirname(out);
  if (!existsSync(folder))
    throw new MaestroError('usage', `--out: there is no folder ${folder}`, 'create it, or give another file');
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory())
    throw new MaestroError('usage', `--out: ${out} is a folder`, 'give the file to write the patch to');
  return out;
}

/** Writes the patch; where that fails the patch is printed all the same, and this is what went wrong. */
async function notWritten(out: string, patch: string): Promise<MaestroError | null> {
  const { atomicWrite } = await import('../../platform/files.ts');
  try {
    await atomicWrite(out, patch);
    return null;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const disk = code === 'ENOSPC' || code === 'EDQUOT';
    return new MaestroError(
      disk ? 'disk_full' : 'workspace_unreadable',
      `--out: ${out} cannot be written (${code ?? message})`,
      'the patch is on standard output; nothing is lost',
      { cause },
    );
  }
}
