import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';

export const stage: StageDefinition = {
  id: 'improve',
  goal: 'Refactor and stabilise what now passes.',
  steps: [
    'Shrink the change to the parts that matter and run everything again.',
    'Look for cases at the edges that the tests leave out.',
    'Add regression tests for what was wrong.',
  ],
  rules: ['Entered only when all tests pass, and left the same way.', 'No new behaviour.'],
  consults: { most: 2, fromIteration: 1 },
  ensemble: 'for_review',
  iterations: 1,
  entry: { after: ['implement', 'debug'], tests: 'all_passing' },
  output: z.strictObject({
    summary: z.string().min(1),
    edge_cases: z.array(z.string().min(1)),
    regression_tests: z.array(z.string().min(1)),
  }),
};
