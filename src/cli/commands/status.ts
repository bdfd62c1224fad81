import { EXIT } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { print } from '../io.ts';
import { renderStatus } from '../render-status.ts';

interface Options {
  readonly workflow?: string;
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'status',

  declare: (command) =>
    command
      .description('Where the work in this folder stands: its stage, what was found, what is left, what to do next.')
      .option('--workflow <id>', 'of this workflow (default: the open one)')
      .option('--json', 'print it as JSON'),

  async run({ workflow, json }, { io, signal }) {
    const { stateHere } = await import('../../app/at-terminal.ts');
    const state = await stateHere({ env: io.env, cwd: io.cwd, signal }, workflow);
    await print(io.stdout, json ? `${JSON.stringify(state)}\n` : `${renderStatus(state, io.stdout)}\n`);
    return state.status === 'none' ? EXIT.notFound : EXIT.ok;
  },
};
