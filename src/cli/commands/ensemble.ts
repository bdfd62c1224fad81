import { Option } from 'commander';
import type { EnsembleCall, EnsembleCandidate, EnsembleGenerated, EnsembleResult } from '../../app/calls.ts';
import { EXIT } from '../../domain/errors.ts';
import { labelled } from '../../domain/untrusted.ts';
import {
  type AdviceOptions,
  adviceOptions,
  callOnce,
  leftLine,
  showFailures,
  showNotAsked,
} from '../advice-options.ts';
import type { CommandDefinition } from '../command.ts';
import { type Io, paint, print, printable } from '../io.ts';
import { count, list } from '../options.ts';

interface Options extends AdviceOptions {
  readonly kind: EnsembleCall['kind'];
  readonly providers?: readonly string[];
  readonly n?: number;
  readonly confidence?: number;
  readonly force?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'ensemble',

  declare: (command) =>
    adviceOptions(
      command
        .description('Put the same task to several advisors at once; choose among their answers with maestro select.')
        .argument('<task>', 'what it is about: text, @file, or - for standard input')
        .addOption(
          new Option('--kind <kind>', 'what to ask for').choices(['hypotheses', 'patch', 'answer']).default('patch'),
        )
        .option('--providers <ids>', 'whom to ask, separated by commas (default: all that can be asked)', list)
        .option('--n <number>', 'how many answers (default: one an advisor, as far as the budget goes)', count)
        .option(
          '--confidence <share>',
          'how likely you are to succeed alone, 0 to 1; from 0.45 on it is skipped',
          Number,
        )
        .option('--force', 'ask although you are likely to succeed alone; this is recorded'),
    ).addHelpText('after', '\nExit status: 0 there are candidates · 1 none, or the rules say no · 2 wrong use'),

  async run(options, context) {
    const { io } = context;
    const result = choosing(
      await callOnce(options, context, (maestro, { text, about }, how) =>
        maestro.ensemble({ task: text, ...about, ...callOf(options) }, how),
      ),
    );
    const { candidates, failures } = result as Partial<EnsembleGenerated>;
    if (options.json) await print(io.stdout, `${JSON.stringify(labelled(result, { candidates, failures }))}\n`);
    else if (result.status === 'generated') await show(result, io);
    else if (result.status !== 'running') await showNotAsked(result, io);
    return result.status === 'generated' && result.candidates.length > 0 ? EXIT.ok : EXIT.notFound;
  },
};

function callOf({ kind, providers, n, confidence, force }: Options): Omit<EnsembleCall, 'task'> {
  return {
    kind,
    ...(providers && { providers }),
    ...(n !== undefined && { n }),
    ...(confidence !== undefined && { confidence }),
    ...(force && { force }),
  };
}

async function show(
  { candidates, failures, left_out, lexical_similarity, budget, next }: EnsembleGenerated,
  io: Io,
): Promise<void> {
  await showFailures(failures, io);
  for (const { provider, why } of left_out) await print(io.stderr, `  not asked: ${printable(provider)} (${why})\n`);
  for (const candidate of candidates) await print(io.stdout, `${block(candidate, io)}\n`);
  const alike = lexical_similarity === null ? '' : `  ${Math.round(100 * lexical_similarity)} % alike in words\n`;
  await print(io.stderr, `${alike}${leftLine(budget)}  → ${printable(next)}\n`);
}

/** Patches are chosen by a command. */
function choosing(result: EnsembleResult): EnsembleResult {
  const isChoice = result.status === 'generated' && result.kind === 'patch' && result.candidates.length > 0;
  return isChoice ? { ...result, next: CHOOSE } : result;
}

/** The same call gives the same candidates, and pays nothing. */
const CHOOSE =
  'choose by tests: the same command with --json > candidates.json (nothing is paid again), then maestro select --candidates candidates.json --test-command "<your tests>"';

function block({ id, provider, text, patch, problem }: EnsembleCandidate, io: Io): string {
  const head = paint(io.stdout, 'bold', `${id} by ${printable(provider)}`);
  const note = problem === undefined ? '' : `\n${paint(io.stdout, 'yellow', printable(problem))}`;
  return `${head}${note}\n${printable(patch ?? text).trimEnd()}\n`;
}
