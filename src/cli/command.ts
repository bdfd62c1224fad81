import type { Command } from 'commander';
import type { Io } from './io.ts';

/** What a command gets beside its own options. */
export interface CommandContext {
  readonly io: Io;
  /** What was given beside options, as `declare` names it. */
  readonly args: readonly string[];
  /** Everything after `--`; `null` when there was no `--`. */
  readonly rest: readonly string[] | null;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command, one file in `commands/`. `run` gets what commander parsed and resolves to the exit status. */
export interface CommandDefinition<Options> {
  readonly name: string;
  /** Declares arguments and options. */
  declare(command: Command): Command;
  run(options: Options, context: CommandContext): Promise<number>;
}
