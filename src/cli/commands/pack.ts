import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Pack, StageId } from '../../app/pack.ts';
import { EXIT } from '../../domain/errors.ts';
import { STAGE_ORDER } from '../../domain/stage.ts';
import type { CommandDefinition } from '../command.ts';
import { readTextAndFiles } from '../input.ts';
import { print, printable } from '../io.ts';
import { repeated } from '../options.ts';

interface Options {
  readonly cwd?: string;
  readonly task?: string;
  readonly errors?: readonly string[];
  readonly files?: readonly string[];
  readonly stage?: StageId;
  readonly budget: number;
  readonly rerank?: string;
  readonly format: 'text' | 'json';
}

export const command: CommandDefinition<Options> = {
  name: 'pack',

  declare: (command) =>
    command
      .description(
        'Pack the code that a task is about into a text of limited size, without asking a model unless --rerank names one.',
      )
      .option('--cwd <dir>', 'the folder to pack from (default: here)')
      .option('--task <text>', 'what it is about: text, @file, or - for standard input')
      .option('--errors <file>', 'output of failing tests, or - for standard input; may be given again', repeated)
      .option('--files <glob>', 'files that must be in; may be given again', repeated)
      .addOption(new Option('--stage <stage>', 'what it is for').choices(STAGE_ORDER))
      .option('--budget <tokens>', 'at most so many o200k tokens', tokens, 8_000)
      .option(
        '--rerank <provider>',
        'consult this advisor once, over outlines of the 40 likeliest files, for a better order (default: nobody)',
      )
      .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text')),

  async run(options, { io, signal }) {
    const { packContext } = await import('../../app/pack.ts');
    const say = (line: string): void => void io.stderr.write(`maestro: ${printable(line)}\n`);
    const { rerank } = options;
    const { text: task, files: errors } = await readTextAndFiles(options.task, options.errors ?? [], io);
    const packed = await packContext(
      {
        workspace: resolve(io.cwd, options.cwd ?? '.'),
        budget: options.budget,
        ...(task !== undefined && { task }),
        ...(errors.length > 0 && { errors }),
        ...(options.files && { files: options.files }),
        ...(options.stage && { stage: options.stage }),
      },
      {
        signal,
        env: io.env,
        warn: say,
        ...(rerank !== undefined && { rerank: { provider: rerank, progress: say } }),
      },
    );
    await print(io.stdout, options.format === 'json' ? `${JSON.stringify(packed)}\n` : packed.text);
    if (options.format === 'text') await print(io.stderr, summary(packed));
    return packed.text === '' ? EXIT.notFound : EXIT.ok;
  },
};

/** A whole number from 0. */
function tokens(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}

/** What went into the text and what did not, in a few lines for a person. */
function summary({ tokens: count, files, skeleton, left_out, redactions, reranked, ms }: Pack): string {
  const lines = [`${count} tokens, ${files.length} files, ${skeleton.length} more in outline, ${ms} ms`];
  if (reranked) lines.push(reranked.used ? 'in the order of the advisor' : `in the usual order: ${reranked.why}`);
  for (const { path, why } of left_out.cut) lines.push(`cut: ${path}: ${why}`);
  for (const name of left_out.not_found) lines.push(`not found: ${name}`);
  if (left_out.refused_total > 0)
    lines.push(`withheld: ${left_out.refused_total} files (${left_out.refused[0]!.path}: ${left_out.refused[0]!.why})`);
  for (const { rule, path, line } of redactions) lines.push(`taken out: ${rule} at ${path}:${line}`);
  return `${lines.map((line) => `maestro: ${printable(line)}`).join('\n')}\n`;
}
