import { EXIT } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { print } from '../io.ts';
import { renderMetrics } from '../render-metrics.ts';

interface Options {
  readonly json?: true;
}

export const command: CommandDefinition<Options> = {
  name: 'metrics',

  declare: (command) =>
    command
      .description(
        'Whether asking others paid: overhead, efficiency, test coverage of selections, from recorded events.',
      )
      .option('--json', 'print value, basis, definition, target of each as JSON'),

  async run(options, { io }) {
    const { allMetrics } = await import('../../app/metrics.ts');
    const metrics = await allMetrics(io.env);
    await print(io.stdout, options.json ? `${JSON.stringify(metrics)}\n` : `${renderMetrics(metrics, io.stdout)}\n`);
    return EXIT.ok;
  },
};
