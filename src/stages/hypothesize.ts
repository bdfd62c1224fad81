import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';

const hypothesis = z.strictObject({
  id: z.string().min(1),
  claim: z.string().min(1),
  verification_test: z.string().min(1),
  confidence: z.number().min(0).max(1),
});

/** The part of an output that ids are compared in: enough of it for that, whatever else is wrong. */
const withIds = z.looseObject({ hypotheses: z.array(z.looseObject({ id: z.string() })), selected: z.string() });
const when = ({ value }: { value: unknown }): boolean => withIds.safeParse(value).success;

export const stage: StageDefinition = {
  id: 'hypothesize',
  goal: 'Hold competing explanations against each other, each with a test that could refute it.',
  steps: [
    'Write down at least two explanations of the observations.',
    'Give each a verification test: one that runs and reproduces the failure is best.',
    'Order them by how far their test got: runs and reproduces, runs, exists, none.',
    'Select one, and the command that will tell whether it holds.',
  ],
  rules: ['A claim names a place and a cause.', 'What no test could refute is no hypothesis.'],
  consults: { most: 2, fromIteration: 1 },
  ensemble: 'encouraged',
  iterations: 1,
  entry: { after: ['analyze'], tests: 'any' },
  output: z
    .strictObject({
      hypotheses: z.array(hypothesis).min(1),
      selected: z.string(),
      test_command: z.string().min(1),
    })
    .refine(({ hypotheses }) => new Set(hypotheses.map(({ id }) => id)).size === hypotheses.length, {
      path: ['hypotheses'],
      message: 'two hypotheses have the same id',
      when,
    })
    .refine(({ hypotheses, selected }) => hypotheses.some(({ id }) => id === selected), {
      path: ['selected'],
      message: 'must be the id of one of the hypotheses',
      when,
    }),
};
