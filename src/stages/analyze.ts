import { z } from 'zod';
import type { StageDefinition } from '../domain/stage.ts';

export const stage: StageDefinition = {
  id: 'analyze',
  goal: 'Freeze the facts before guessing.',
  steps: [
    'Run the tests on the unchanged tree: note which fail, which pass and which disagree with themselves.',
    'Write down how to reproduce the failure, step by step.',
    'Find the modules that take part in it.',
    'Name what must stay true whatever is changed.',
  ],
  rules: ['Observations only: no explanation, no change.', 'Every observation can be seen again by someone else.'],
  consults: { most: 2, fromIteration: 1 },
  ensemble: 'no',
  iterations: 1,
  entry: { after: [], tests: 'any' },
  output: z.strictObject({
    observations: z.array(z.string().min(1)).min(1),
    repro_steps: z.array(z.string().min(1)).min(1),
    affected_modules: z.array(z.string().min(1)),
    invariants: z.array(z.string().min(1)),
  }),
};
