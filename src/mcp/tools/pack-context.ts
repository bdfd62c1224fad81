import { z } from 'zod';
import { material, place, stage } from '../inputs.ts';
import { additions } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

/** What fits an answer in one piece. */
const DEFAULT_TOKENS = 2_000;

const input = once(() =>
  z.object({
    task: z.string().max(200_000).exactOptional(),
    ...material(),
    stage: stage().exactOptional(),
    token_budget: z.int().min(0).max(200_000).describe('Default 2000').exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    text: z.string(),
    tokens: z.number(),
    files: z.array(z.looseObject({ path: z.string(), ranges: z.array(z.array(z.number())), why: z.array(z.string()) })),
    skeleton: z.array(z.string()).optional(),
    left_out: z.looseObject({}),
    redactions: z.array(z.looseObject({ rule: z.string(), path: z.string(), line: z.number() })),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_pack_context',
  title: 'Pack the code a task is about',
  description: 'Find the code that a task or failure is about, without asking a model. Secrets are taken out. Free.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  aliases: { budget: 'token_budget' },
  call: (maestro, args, context) => maestro.pack({ token_budget: DEFAULT_TOKENS, ...args }, context),
});
