import { Option } from 'commander';
import { EXIT } from '../../domain/errors.ts';
import type { CommandDefinition } from '../command.ts';
import { print } from '../io.ts';
import { renderMetrics } from '../render-metrics.ts';

interface Options {
  readonly json?: true;
  readonly scope?: 'workflow' | 'workspace' | 'all';
  readonly workflow?: string;
  readonly since?: string;
}

export const command: CommandDefinition<Options> = {
  name: 'metrics',

  declare: (command) =>
    command
      .description(
        'Whether asking others paid: overhead, efficiency, test coverage of selections, from recorded events.',
      )
      .addOption(
        new Option('--scope <scope>', 'over what (default: all, or the workflow where one is named)').choices([
          'workflow',
          'workspace',
          'all',
        ]),
      )
      .option('--workflow <id>', 'of this workflow')
      .option('--since <time>', 'from this time on, as ISO 8601')
      .option('--json', 'print value, basis, definition, target of each as JSON'),

  async run({ json, scope, workflow, since }, { io }) {
    const { metricsHere } = await import('../../app/metrics.ts');
    const call = {
      scope: scope ?? (workflow === undefined ? 'all' : 'workflow'),
      ...(workflow !== undefined && { workflow_id: workflow }),
      ...(since !== undefined && { since }),
    } as const;
    const metrics = await metricsHere(call, io);
    await print(io.stdout, json ? `${JSON.stringify(metrics)}\n` : `${renderMetrics(metrics, io.stdout)}\n`);
    return EXIT.ok;
  },
};
