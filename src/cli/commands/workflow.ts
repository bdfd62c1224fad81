import { resolve } from 'node:path';
import { Argument, Option } from 'commander';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { readTextAndFiles } from '../input.ts';
import { print } from '../io.ts';

interface Options {
  readonly task?: string;
  readonly outcome?: 'solved' | 'abandoned';
  readonly workflow?: string;
  readonly cwd?: string;
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'workflow',

  declare: (command) =>
    command
      .description(
        'Begin or end a task yourself. What is asked in a project counts against its open workflow until that has ended.',
      )
      .addArgument(new Argument('<what>', 'what to do').choices(['begin', 'end']))
      .option('--task <text>', 'begin: what it is about: text, @file, or - for standard input')
      .addOption(
        new Option('--outcome <outcome>', 'end: how; solved is recorded as your word (default: abandoned)').choices([
          'solved',
          'abandoned',
        ]),
      )
      .option('--workflow <id>', 'end: this one (default: the open one of the project)')
      .option('--cwd <dir>', 'the project it is about (default: here)')
      .option('--json', 'print what was done as JSON'),

  async run({ task, outcome, workflow, cwd, json }, { io, args: [what] }) {
    const { beginHere, endHere } = await import('../../app/at-terminal.ts');
    const at = { env: io.env, cwd: resolve(io.cwd, cwd ?? '.') };
    if (what === 'begin') {
      refuse(outcome ?? workflow, '--outcome and --workflow say how to end');
      const { text } = await readTextAndFiles(task, [], io);
      const { id } = await beginHere(at, text ?? null);
      await print(io.stdout, json ? line({ status: 'begun', workflow_id: id }) : `Begun: ${id}\n`);
      return EXIT.ok;
    }
    refuse(task, '--task says what begins');
    const how = outcome ?? 'abandoned';
    const { id } = await endHere(at, workflow, how);
    await print(io.stdout, json ? line({ status: 'ended', workflow_id: id, outcome: how }) : `Ended (${how}): ${id}\n`);
    return EXIT.ok;
  },
};

const line = (done: object): string => `${JSON.stringify(done)}\n`;

function refuse(given: string | undefined, why: string): void {
  if (given !== undefined) throw new MaestroError('usage', why, 'maestro workflow --help shows what goes with what');
}
