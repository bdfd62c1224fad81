import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';
import { fileSummary, testResult } from '../domain/stage-output.ts';

const MAX_ITERATIONS = 5;

export const stage: StageDefinition = {
  id: 'debug',
  goal: 'Fix what still fails without drifting away.',
  steps: [
    'Read the error as it stands now.',
    'Say what it means for the hypothesis: kept, narrowed or dropped.',
    'Make one change and run the tests.',
    'Compare with the previous iteration; take the change back when it is worse.',
  ],
  rules: [
    'Iterations 1 and 2 are your own: others are asked from the third on, once.',
    `After ${MAX_ITERATIONS} iterations, stop and hand a summary to a person.`,
  ],
  consults: { most: 1, fromIteration: 3 },
  ensemble: 'refused',
  iterations: MAX_ITERATIONS,
  entry: { after: ['implement', 'debug'], tests: 'some_failing' },
  output: z.strictObject({
    iteration: z.int().min(1).max(MAX_ITERATIONS),
    error: z.string().min(1),
    hypothesis_update: z.string().min(1),
    change: fileSummary,
    test_result: testResult,
    compared_to_previous: z.enum(['better', 'same', 'worse']),
  }),
};
