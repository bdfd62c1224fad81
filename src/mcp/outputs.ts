import { z } from 'zod';

/** Shapes that several answers share. Loose: a field more is no reason to lose an answer that was paid for. */
export const budget = () =>
  z.looseObject({
    used: z.looseObject({ stage: z.number(), workflow: z.number() }),
    left: z.looseObject({ stage: z.number(), workflow: z.number() }),
  });

const usage = () =>
  z.looseObject({
    input_tokens: z.number().nullish(),
    cached_input_tokens: z.number().nullish(),
    output_tokens: z.number().nullish(),
    reasoning_tokens: z.number().nullish(),
    cost_usd: z.number().nullish(),
  });

export const failures = () =>
  z.array(
    z.looseObject({
      provider: z.string(),
      reason: z.string(),
      detail: z.string(),
      remedy: z.string(),
      retry_after_ms: z.number().nullish(),
    }),
  );

/** Who answered, at what price. */
export const exchange = () => ({
  provider: z.string(),
  model: z.string().nullish(),
  usage: usage(),
  elapsed_ms: z.number(),
});

/** What every answer about a run may have: why nobody was asked, or how to collect what still runs. */
export const outcome = () => ({
  run_id: z.string().optional(),
  workflow_id: z.string().nullish(),
  budget: budget().nullish(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  next: z.string().optional(),
});

/** What Maestro's own face adds. */
export const additions = () => ({
  untrusted: z.string().optional(),
  ignored_arguments: z.array(z.string()).optional(),
  more: z.looseObject({ run_id: z.string(), characters: z.number(), next: z.string() }).optional(),
});

export const metric = () =>
  z.looseObject({
    value: z.number().nullable(),
    basis: z.string(),
    definition: z.string(),
    target: z.string().nullish(),
    met: z.boolean().nullish(),
    reason: z.string().optional(),
  });
