import { Option } from 'commander';
import { SCOPES, type Scope } from '../../app/setup/host.ts';
import { EXIT, MaestroError } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { print } from '../io.ts';
import { renderHosts, renderOutcome } from '../render-setup.ts';

interface Options {
  readonly scope: Scope;
  readonly dryRun?: true;
  readonly remove?: true;
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'setup',

  declare: (command) =>
    command
      .description(
        "Write Maestro into a host's configuration; without a host, say which are here and what would be done.",
      )
      .argument('[host]', 'claude, codex, gemini, cursor or vscode')
      .addOption(new Option('--scope <scope>', 'whose configuration').choices(SCOPES).default('user'))
      .option('--dry-run', 'show the change and write nothing')
      .option('--remove', 'take Maestro out again; a file nobody changed since is as it was before')
      .option('--json', 'print what was done as JSON'),

  async run({ scope, dryRun, remove, json }, { io, args }) {
    const { findHosts, setUp, surroundingsOf } = await import('../../app/setup.ts');
    const surroundings = surroundingsOf(io.env, io.cwd);
    const [host] = args;
    if (host === undefined && (remove || dryRun || scope !== 'user'))
      throw new MaestroError('usage', 'which host?', 'name one, such as: maestro setup claude');
    if (host === undefined) {
      const hosts = await findHosts(surroundings);
      await print(io.stdout, json ? `${JSON.stringify({ hosts })}\n` : renderHosts(hosts, io.stdout));
      return EXIT.ok;
    }
    const request = { scope, remove: remove ?? false, dryRun: dryRun ?? false };
    const outcome = await setUp(host, request, surroundings);
    await print(io.stdout, json ? `${JSON.stringify(outcome)}\n` : renderOutcome(outcome, io.stdout));
    return EXIT.ok;
  },
};
