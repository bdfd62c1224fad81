import { z } from 'zod';
import { untrustedFields } from '../../domain/untrusted.ts';
import { material, place, stage, text } from '../inputs.ts';
import { additions, exchange, failures, outcome } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

const ROLES = ['analyst', 'hypothesis_scientist', 'implementer', 'debugger', 'reviewer'] as const;

const input = once(() =>
  z.object({
    prompt: text().describe('Self-contained question'),
    provider: z.string().min(1).max(100).describe('Default: first that is ready').exactOptional(),
    model: z.string().min(1).max(200).exactOptional(),
    ...material(),
    stage: stage().describe('Only if none is open').exactOptional(),
    role: z.enum(ROLES).exactOptional(),
    continue: z.string().min(1).max(200).describe('run_id of a consult').exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    status: z.enum(['answered', 'failed', 'skipped', 'refused', 'running']),
    text: z.string().optional(),
    provider: exchange().provider.optional(),
    model: exchange().model,
    usage: exchange().usage.optional(),
    elapsed_ms: z.number().optional(),
    truncated: z.boolean().optional(),
    reused: z.boolean().optional(),
    failures: failures().optional(),
    ...outcome(),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_consult',
  title: 'Ask another model',
  description:
    'Ask one other model for advice, in text only. Use when stuck or to challenge a finding; not for what you can do well alone. Costs 1 consult.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  aliases: { question: 'prompt', query: 'prompt', message: 'prompt' },
  untrusted: ({ text, failures }) => untrustedFields({ text, failures }),
  call: (maestro, args, context) => maestro.consult(args, context),
});
