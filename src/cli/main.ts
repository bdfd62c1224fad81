import { Command, CommanderError } from 'commander';
import { VERSION } from '../app/version.ts';
import { EXIT } from '../domain/errors.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { errorJson, showError } from './errors.ts';
import { listenForSignals } from './interrupt.ts';
import type { Io } from './io.ts';
import { print, processIo } from './io.ts';

/** Runs one command line and ends the process with its exit status. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<void> {
  const interrupt = listenForSignals(io);
  const status = await execute(argv.slice(2), io, interrupt.signal);
  await interrupt.cleanUp();
  process.exit(interrupt.exitStatus ?? status);
}

/** Runs one command line and returns its exit status; expected failures are printed, never thrown. */
export async function execute(args: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const separator = args.indexOf('--');
  const own = separator < 0 ? args : args.slice(0, separator);
  const rest = separator < 0 ? null : args.slice(separator + 1);
  let status: number = EXIT.ok;
  const program = await declareProgram(io, { io, args: [], rest, signal }, (value) => {
    status = value;
  });
  try {
    await program.parseAsync(own, { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return showError(error, io, own.includes('--json'));
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === 'commander.excessArguments' && own[0] === 'fix')
      await print(io.stderr, 'The test command goes after two dashes: maestro fix -- npm test\n');
    if (own.includes('--json')) await print(io.stdout, errorJson('usage', error.message, 'maestro --help'));
    return EXIT.usage;
  }
}

async function declareProgram(io: Io, context: CommandContext, done: (status: number) => void): Promise<Command> {
  const program = new Command('maestro')
    .description('Second opinions that must pass your tests.')
    .version(VERSION)
    .showHelpAfterError('(maestro --help shows how it is used)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  const definitions = await loadDefinitions<CommandDefinition<never>>(
    new URL('./commands/', import.meta.url),
    'command',
  );
  for (const definition of definitions) {
    definition
      .declare(program.command(definition.name))
      .allowExcessArguments(false)
      .action(async (...args: unknown[]) => {
        const command = args.at(-1) as Command;
        done(await definition.run(command.opts() as never, { ...context, args: command.args }));
      });
  }
  return program;
}
