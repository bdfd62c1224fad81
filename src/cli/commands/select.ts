import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SelectCall, Selected } from '../../app/calls.ts';
import { commandWords } from '../../domain/command-words.ts';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { Selection } from '../../domain/selection.ts';
import { labelled } from '../../domain/untrusted.ts';
import { inCommands, progressTo, showNotAsked } from '../advice-options.ts';
import type { CommandDefinition } from '../command.ts';
import type { Io } from '../io.ts';
import { paint, print, printable, readAll } from '../io.ts';
import { commandText, timeLimit } from '../options.ts';

interface Options {
  readonly candidates: string;
  readonly mode: string;
  readonly cwd?: string;
  readonly testCommand?: string;
  readonly lintCommand?: string;
  readonly probeCommand?: string;
  readonly testResults?: string;
  readonly criteria?: string;
  readonly timeLimit: number;
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'select',

  declare: (command) =>
    command
      .description(
        'Choose among candidates by evidence: each is applied in isolation and tested. "None of them" is an answer.',
      )
      .requiredOption(
        '--candidates <file>',
        'JSON list of { id, patch | files | text, provider? }, or what maestro ensemble --json printed; - reads standard input',
      )
      .option(
        '--mode <mode>',
        'tests_first, or llm_judge: an advisor, where no test can tell; costs 2 consults',
        'tests_first',
      )
      .option('--criteria <text>', 'what a judge is to look at')
      .option('--cwd <dir>', 'the tree that the candidates change (default: here)')
      .option('--test-command <text>', 'run this on each candidate', commandText)
      .option('--lint-command <text>', 'count the problems it reports that are new', commandText)
      .option(
        '--probe-command <text>',
        'run this on those that pass: what it prints tells their behaviour apart',
        commandText,
      )
      .option('--test-results <file>', 'JSON list of { id, passed, failed } that someone else observed')
      .addOption(timeLimit('stop a single run after this long'))
      .option('--json', 'print the result as JSON')
      .addHelpText('after', '\nExit status: 0 there is a winner · 1 none · 2 wrong use · 3 the tests cannot run'),

  async run(options, { io, signal }) {
    if (options.mode === 'llm_judge') return judged(options, io, signal);
    if (options.criteria !== undefined) throw onlyForJudges();
    const { select } = await import('../../app/select.ts');
    const words = (text: string | undefined) => (text === undefined ? null : commandWords(text));
    const selection = await select(
      {
        cwd: resolve(io.cwd, options.cwd ?? '.'),
        candidates: await readInput(options.candidates, io),
        mode: options.mode,
        testCommand: words(options.testCommand),
        lintCommand: words(options.lintCommand),
        probeCommand: words(options.probeCommand),
        testResults: options.testResults === undefined ? null : await readInput(options.testResults, io),
        timeLimitMs: options.timeLimit,
      },
      { signal, env: io.env },
    );
    await print(io.stdout, options.json ? `${JSON.stringify(selection)}\n` : render(selection, io));
    return selection.winner === null ? EXIT.notFound : EXIT.ok;
  },
};

/** Has an advisor choose where tests cannot: paid from the open workflow of the tree, as `maestro_select_best` does. */
async function judged(options: Options, io: Io, signal: AbortSignal): Promise<number> {
  const { testCommand, lintCommand, probeCommand, testResults, criteria, timeLimit } = options;
  const call: SelectCall = {
    mode: 'llm_judge',
    candidates: await readList(options.candidates, io),
    time_limit_ms: timeLimit,
    ...(testResults !== undefined && { test_results: await readList(testResults, io) }),
    ...(testCommand !== undefined && { test_command: testCommand }),
    ...(lintCommand !== undefined && { lint_command: lintCommand }),
    ...(probeCommand !== undefined && { probe_command: probeCommand }),
    ...(criteria !== undefined && { criteria }),
  };
  const { atOnce } = await import('../../app/at-once.ts');
  const at = { env: io.env, cwd: resolve(io.cwd, options.cwd ?? '.'), signal, progress: progressTo(io) };
  const result = inCommands(await atOnce(at, (maestro, context) => maestro.select(call, context)));
  const { patch, ranking } = result as Partial<Selected>;
  if (options.json) await print(io.stdout, `${JSON.stringify(labelled(result, { patch, ranking }))}\n`);
  else if (result.status === 'selected') await print(io.stdout, render(result, io));
  else if (result.status !== 'running') await showNotAsked(result, io);
  return result.status === 'selected' && result.winner !== null ? EXIT.ok : EXIT.notFound;
}

function onlyForJudges(): MaestroError {
  return new MaestroError('usage', '--criteria is for a judge', 'add --mode llm_judge, or leave --criteria out');
}

async function readList(file: string, io: Io): Promise<readonly unknown[]> {
  const text = await readInput(file, io);
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {}
  throw new MaestroError('bad_candidates', `${file} holds no JSON list`, 'give a list, as maestro select --help says');
}

async function readInput(file: string, io: Io): Promise<string> {
  if (file === '-') return readAll(io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new MaestroError(
      'usage',
      `${file} cannot be read (${code})`,
      'give the path of a readable JSON file, or - for standard input',
      { cause },
    );
  }
}

function render({ winner, why, ranking, next }: Selection, io: Io): string {
  const verdict =
    winner === null
      ? paint(io.stdout, 'yellow', 'No winner')
      : `${paint(io.stdout, 'green', 'Winner')} ${printable(winner)}`;
  const rows = ranking.map(
    ({ rank, id, why: reason }) => `  ${String(rank).padStart(3)}  ${printable(id)}  ${printable(reason)}`,
  );
  return [`${verdict}: ${printable(why)}`, ...rows, `  → ${printable(next)}`, ''].join('\n');
}
