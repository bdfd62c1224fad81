import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BudgetView, CallContext, ConsultCall, FailedTry, Maestro, NotAsked } from '../app/calls.ts';
import type { CommandContext } from './command.ts';
import { readTextAndFiles } from './input.ts';
import { type Io, paint, print, printable } from './io.ts';
import { nextHere } from './next-here.ts';
import { repeated } from './options.ts';

/** What a question to others is about, as options of a command. */
export interface AdviceOptions {
  readonly cwd?: string;
  readonly errors?: readonly string[];
  readonly files?: readonly string[];
  readonly workflow?: string;
  readonly json?: true;
}

/** Declares the options that every question to others has. */
export function adviceOptions(command: Command): Command {
  return command
    .option('--errors <file>', 'output of failing tests, or - for standard input; may be given again', repeated)
    .option('--files <glob>', 'files that must go along; may be given again', repeated)
    .option('--cwd <dir>', 'the project it is about (default: here)')
    .option('--workflow <id>', 'the workflow it belongs to (default: the open one of the project)')
    .option('--json', 'print the result as JSON');
}

/** What the options say a question is about, as every call takes it. */
interface Matter {
  readonly text: string;
  readonly about: Pick<ConsultCall, 'errors' | 'files' | 'workflow_id'>;
}

/** Reads what was given, opens Maestro, makes one call and waits for its result; progress goes to stderr. */
export async function callOnce<Result extends object>(
  { cwd, errors, files, workflow }: AdviceOptions,
  { io, args: [given = ''], signal }: CommandContext,
  call: (maestro: Maestro, matter: Matter, context: CallContext) => Promise<Result>,
): Promise<Result> {
  const { atOnce } = await import('../app/at-once.ts');
  const read = await readTextAndFiles(given, errors ?? [], io);
  const about = {
    errors: read.files,
    ...(files && { files }),
    ...(workflow !== undefined && { workflow_id: workflow }),
  };
  const at = { env: io.env, cwd: resolve(io.cwd, cwd ?? '.'), signal, progress: progressTo(io) };
  const result = await atOnce(at, (maestro, context) => call(maestro, { text: read.text ?? '', about }, context));
  return inCommands(result);
}

/** A result whose next step is a command, where the rules said no. */
export function inCommands<Result extends object>(result: Result): Result {
  const { rule, next } = result as Partial<NotAsked>;
  return rule === undefined || next === undefined ? result : { ...result, next: nextHere({ rule, next }) };
}

/** A line on what is going on, to stderr. */
export function progressTo(io: Io): (message: string) => void {
  return (message) => void io.stderr.write(`  ${paint(io.stderr, 'dim', printable(message))}\n`);
}

/** Failed tries, each with its remedy, to stderr. */
export async function showFailures(failures: readonly FailedTry[], io: Io): Promise<void> {
  for (const { provider, reason, detail, remedy } of failures) {
    const head = `${paint(io.stderr, 'yellow', '✘')} ${printable(provider)} (${reason}): ${printable(detail)}`;
    await print(io.stderr, `${head}\n  ${paint(io.stderr, 'dim', '→')} ${printable(remedy)}\n`);
  }
}

/** Why others were not asked, to stderr. */
export async function showNotAsked({ status, rule, reason, next, budget }: NotAsked, io: Io): Promise<void> {
  const head = `${paint(io.stderr, 'yellow', status === 'skipped' ? 'Skipped' : 'Refused')} (${rule}): ${printable(reason)}`;
  await print(io.stderr, `${head}\n  → ${printable(next)}\n${leftLine(budget)}`);
}

/** What is left of the budget, one line. */
export function leftLine({ left }: BudgetView): string {
  return `  ${left.stage} left in this stage, ${left.workflow} in this workflow\n`;
}
