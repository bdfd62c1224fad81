import { z } from 'zod';
import type { Reading } from './structured-answer.ts';
import { readAnswer } from './structured-answer.ts';

const text = z.string().trim().min(1);

const hypothesisSchema = z.object({
  id: text.max(100),
  claim: text.max(2_000),
  verification_test: z.string().trim().max(2_000),
  confidence: z.number().min(0).max(1),
});

/** A claim about where the fault is and why, and the test that would come out differently were it wrong ('' where there is none). */
export type Hypothesis = Readonly<z.infer<typeof hypothesisSchema>>;

const list = z
  .array(hypothesisSchema)
  .min(1)
  .max(20)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'two hypotheses have the same id',
  });

/** The hypotheses in a model's text, in its order; nothing is repaired. */
export function readHypotheses(text: string): Reading<readonly Hypothesis[]> {
  const named = readAnswer(text, z.object({ hypotheses: list }));
  if (named.ok) return { ok: true, value: named.value.hypotheses };
  const bare = readAnswer(text, list);
  return bare.ok ? bare : named;
}
