import type { Check } from '../../app/doctor.ts';
import { EXIT } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import type { Io } from '../io.ts';
import { paint, print, printable } from '../io.ts';

interface Options {
  readonly deep?: true;
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'doctor',

  declare: (command) =>
    command
      .description(
        'What works on this machine: isolation, interpreters, advisors, the state file; and the remedy for what does not.',
      )
      .option('--deep', 'ask each advisor that is ready one real question, which may cost something')
      .option('--json', 'print the checks as JSON')
      .addHelpText(
        'after',
        '\nExit status: 0 everything was looked at · 3 the state file cannot be used, so nothing will work',
      ),

  async run(options, { io, signal }) {
    const { examine } = await import('../../app/doctor.ts');
    const report = await examine({ env: io.env, cwd: io.cwd, signal }, options.deep === true);
    const text = options.json
      ? JSON.stringify(report)
      : [`maestro ${report.version}`, ...report.checks.map((check) => line(check, io))].join('\n');
    await print(io.stdout, `${text}\n`);
    return report.checks.some(({ name, holds }) => name === 'state' && holds === 'no') ? EXIT.environment : EXIT.ok;
  },
};

function line({ name, holds, detail, remedy }: Check, io: Io): string {
  const mark = holds === 'yes' ? paint(io.stdout, 'green', '✔') : paint(io.stdout, 'yellow', '✘');
  const advice = remedy ? `\n  → ${printable(remedy)}` : '';
  return `${mark} ${name.padEnd(32)} ${printable(detail)}${advice}`;
}
