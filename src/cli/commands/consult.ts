import { Option } from 'commander';
import type { ConsultAnswer, ConsultCall, Role } from '../../app/calls.ts';
import { EXIT } from '../../domain/errors.ts';
import { ROLES } from '../../domain/role.ts';
import { STAGE_ORDER, type StageId } from '../../domain/stage.ts';
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
import { type Io, print, printable } from '../io.ts';

interface Options extends AdviceOptions {
  readonly provider?: string;
  readonly model?: string;
  readonly stage?: StageId;
  readonly role?: Role;
  readonly continue?: string;
}

export const command: CommandDefinition<Options> = {
  name: 'consult',

  declare: (command) =>
    adviceOptions(
      command
        .description('Ask one advisor a question about this project. It answers in text and can change nothing.')
        .argument('<prompt>', 'the question: text, @file, or - for standard input')
        .option('--provider <id>', 'whom to ask (default: the first that can be asked)')
        .option('--model <name>', 'which model of it')
        .addOption(new Option('--role <role>', 'as what').choices(ROLES.filter((role) => role !== 'judge')))
        .addOption(new Option('--stage <stage>', 'for which stage, where none was opened').choices(STAGE_ORDER))
        .option('--continue <run>', 'go on with an earlier consult'),
    ).addHelpText('after', '\nExit status: 0 answered · 1 nobody answered, or the rules say no · 2 wrong use'),

  async run(options, context) {
    const { io } = context;
    const result = await callOnce(options, context, (maestro, { text, about }, how) =>
      maestro.consult({ prompt: text, ...about, ...callOf(options) }, how),
    );
    const { text, failures } = result as Partial<ConsultAnswer>;
    if (options.json) await print(io.stdout, `${JSON.stringify(labelled(result, { text, failures }))}\n`);
    else if (result.status === 'answered') await show(result, io);
    else if (result.status === 'failed') {
      await showFailures(result.failures, io);
      await print(io.stderr, `  → ${printable(result.next)}\n`);
    } else if (result.status !== 'running') await showNotAsked(result, io);
    return result.status === 'answered' ? EXIT.ok : EXIT.notFound;
  },
};

function callOf({ provider, model, stage, role, continue: earlier }: Options): Omit<ConsultCall, 'prompt'> {
  return {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(stage && { stage }),
    ...(role && { role }),
    ...(earlier !== undefined && { continue: earlier }),
  };
}

async function show(answer: ConsultAnswer, io: Io): Promise<void> {
  const { text, provider, model, usage, elapsed_ms, failures, reused, run_id, budget } = answer;
  await showFailures(failures, io);
  await print(io.stdout, `${printable(text).trimEnd()}\n`);
  const tokens =
    usage.input_tokens === null ? '' : `, ${usage.input_tokens} tokens in, ${usage.output_tokens ?? '?'} out`;
  const took = reused ? 'answered before, nothing was paid' : `${(elapsed_ms / 1000).toFixed(1)} s${tokens}`;
  await print(
    io.stderr,
    `\n  ${provider}${model ? ` (${printable(model)})` : ''}: ${took}; ${run_id}\n${leftLine(budget)}`,
  );
}
