import { z } from 'zod';
import { untrustedFields } from '../../domain/untrusted.ts';
import { material, place, text } from '../inputs.ts';
import { additions, exchange, failures, outcome } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

const KINDS = ['hypotheses', 'patch', 'answer'] as const;

const candidate = () =>
  z.looseObject({
    id: z.string(),
    ...exchange(),
    text: z.string(),
    patch: z.string().optional(),
    problem: z.string().optional(),
    hypotheses: z
      .array(
        z.looseObject({ id: z.string(), claim: z.string(), verification_test: z.string(), confidence: z.number() }),
      )
      .optional(),
  });

const input = once(() =>
  z.object({
    task: text(),
    kind: z.enum(KINDS),
    providers: z.array(z.string().min(1).max(100)).min(1).max(8).describe('Default: those ready').exactOptional(),
    n: z.int().min(1).max(8).describe('1-8, default 2').exactOptional(),
    confidence: z.number().min(0).max(1).describe('Your odds alone, 0-1').exactOptional(),
    ...material(),
    force: z.boolean().describe('Ask all the same; default false').exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    status: z.enum(['generated', 'skipped', 'refused', 'running']),
    kind: z.enum(KINDS).optional(),
    candidates: z.array(candidate()).optional(),
    failures: failures().optional(),
    left_out: z.array(z.looseObject({ provider: z.string(), why: z.string() })).optional(),
    lexical_similarity: z.number().nullish(),
    forced: z.boolean().optional(),
    reused: z.boolean().optional(),
    ...outcome(),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_ensemble_generate',
  title: 'Gather candidates from several models',
  description:
    'Put one task to several models at once; then choose with maestro_select_best. Use for competing hypotheses or hard patches. Costs n consults; skipped when you are likely to succeed alone.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  aliases: { prompt: 'task', count: 'n' },
  untrusted: ({ candidates, failures }) => untrustedFields({ candidates, failures }),
  call: (maestro, args, context) => maestro.ensemble(args, context),
});
