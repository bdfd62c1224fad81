import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';
import { fileSummary, testResult } from '../domain/stage-output.ts';

export const stage: StageDefinition = {
  id: 'implement',
  goal: 'Make the smallest change that could be right, and test it at once.',
  steps: [
    'Change only what the selected hypothesis calls for.',
    'Run the tests that failed; when they pass, run all.',
    'Write down what was changed and what the tests said.',
  ],
  rules: [
    'One change at a time.',
    'No change without a test run after it.',
    'Tests, lock files and CI stay as they are.',
  ],
  consults: { most: 1, fromIteration: 1 },
  ensemble: 'refused',
  iterations: 1,
  entry: { after: ['hypothesize'], tests: 'any' },
  output: z.strictObject({ changes: z.array(fileSummary).min(1), test_result: testResult }),
};
