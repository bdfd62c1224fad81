import { z } from 'zod';
import { place } from '../inputs.ts';
import { additions, metric } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

const isTime = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));

const input = once(() =>
  z.object({
    scope: z.enum(['workflow', 'workspace', 'all']).describe('Default workspace').exactOptional(),
    since: z
      .string()
      .refine(isTime, 'must be an ISO 8601 time, such as 2026-01-31T12:00:00Z')
      .describe('ISO 8601')
      .exactOptional(),
    ...place(),
  }),
);

const output = once(() => z.looseObject({ metrics: z.record(z.string(), metric()), ...additions() }));

export const tool = defineTool({
  name: 'maestro_get_metrics',
  title: 'Whether asking others paid',
  description: 'Whether asking others paid: each figure with basis and target, null when not measured. Free.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  call: async (maestro, args, context) => ({
    metrics: await maestro.metrics(
      { scope: args.workflow_id === undefined ? 'workspace' : 'workflow', ...args },
      context,
    ),
  }),
});
