import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';
import { fileSummary, testResult } from '../domain/stage-output.ts';

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
    'After the last iteration, stop and hand a summary to a person.',
  ],
  consults: { most: 1, fromIteration: 3 },
  ensemble: 'refused',
  iterations: 5,
  entry: { after: ['implement', 'debug'], tests: 'some_failing' },
  output: z.strictObject({
    iteration: z.int().min(1),
    error: z.string().min(1),
    hypothesis_update: z.string().min(1),
    change: fileSummary,
    test_result: testResult,
    compared_to_previous: z.enum(['better', 'same', 'worse']),
  }),
};
