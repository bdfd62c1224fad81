import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { Selection } from '../../domain/selection.ts';
import type { CommandDefinition } from '../command.ts';
import type { Io } from '../io.ts';
import { paint, print, printable, readAll } from '../io.ts';
import { commandWords, timeLimit } from '../options.ts';

interface Options {
  readonly candidates: string;
  readonly mode: string;
  readonly cwd?: string;
  readonly testCommand?: readonly string[];
  readonly lintCommand?: readonly string[];
  readonly probeCommand?: readonly string[];
  readonly testResults?: string;
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
      .option('--mode <mode>', 'how to choose', 'tests_first')
      .option('--cwd <dir>', 'the tree that the candidates change (default: here)')
      .option('--test-command <text>', 'run this on each candidate', commandWords)
      .option('--lint-command <text>', 'count the problems it reports that are new', commandWords)
      .option(
        '--probe-command <text>',
        'run this on those that pass: what it prints tells their behaviour apart',
        commandWords,
      )
      .option('--test-results <file>', 'JSON list of { id, passed, failed } that someone else observed')
      .addOption(timeLimit('stop a single run after this long'))
      .option('--json', 'print the result as JSON')
      .addHelpText('after', '\nExit status: 0 there is a winner · 1 none · 2 wrong use · 3 the tests cannot run'),

  async run(options, { io, signal }) {
    const { select } = await import('../../app/select.ts');
    const selection = await select(
      {
        cwd: resolve(io.cwd, options.cwd ?? '.'),
        candidates: await readInput(options.candidates, io),
        mode: options.mode,
        testCommand: options.testCommand ?? null,
        lintCommand: options.lintCommand ?? null,
        probeCommand: options.probeCommand ?? null,
        testResults: options.testResults === undefined ? null : await readInput(options.testResults, io),
        timeLimitMs: options.timeLimit,
      },
      { signal, env: io.env },
    );
    await print(io.stdout, options.json ? `${JSON.stringify(selection)}\n` : render(selection, io));
    return selection.winner === null ? EXIT.notFound : EXIT.ok;
  },
};

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
