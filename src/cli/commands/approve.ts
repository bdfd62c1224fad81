import type { Waiting, Word } from '../../app/approve.ts';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { type Io, paint, print, printable } from '../io.ts';

interface Options {
  readonly reject?: string;
}

/** A person's word on what a stage came to. It takes a terminal and the stage's name, typed: neither a pipe nor a slip says yes. */
export const command: CommandDefinition<Options> = {
  name: 'approve',

  declare: (command) =>
    command
      .description('Say yes to what a stage came to, or no with --reject. For a person, at a terminal.')
      .argument('<workflow>', 'the workflow that waits; maestro status shows it')
      .option('--reject <reason>', 'say no, and why: the host is told'),

  async run({ reject }, { io, args: [workflow = ''], signal }) {
    if (!io.stdin.isTTY || !io.stdout.isTTY) throw noTerminal();
    const { approveHere } = await import('../../app/at-terminal.ts');
    const { said } = await approveHere(io.env, workflow, (waiting) => ask(waiting, reject ?? null, io, signal));
    await print(io.stdout, said ? `${reject === undefined ? 'Approved' : 'Rejected'}.\n` : 'Nothing was recorded.\n');
    return said ? EXIT.ok : EXIT.notFound;
  },
};

async function ask(
  { view, pending }: Waiting,
  reject: string | null,
  io: Io,
  signal: AbortSignal,
): Promise<Word | null> {
  const { stage, output } = pending;
  const shown = printable(JSON.stringify(output, null, 2));
  await print(io.stdout, `${paint(io.stdout, 'bold', `${stage}`)}  ${printable(view.task ?? '')}\n${shown}\n`);
  const { createInterface } = await import('node:readline/promises');
  const line = createInterface({ input: io.stdin, output: io.stdout });
  try {
    const typed = await line.question(`Type ${stage} to ${reject === null ? 'approve' : 'reject'} it: `, { signal });
    if (typed.trim() !== stage) return null;
    return reject === null ? { answer: 'yes', reason: null } : { answer: 'no', reason: reject };
  } finally {
    line.close();
  }
}

function noTerminal(): MaestroError {
  return new MaestroError(
    'usage',
    'approving takes a person at a terminal',
    'run maestro approve yourself, in a terminal window; an agent cannot do it for you',
  );
}
