import { z } from 'zod';
import { definePrompt } from '../prompt.ts';
import { once } from '../tool.ts';

export const prompt = definePrompt({
  name: 'debug',
  title: 'Hunt a bug that resists',
  description: 'Competing hypotheses, each with a test that would tell; then one change at a time.',
  args: once(() =>
    z.object({
      failure: z.string().min(1).describe('The failing output, or what goes wrong'),
      test_command: z.string().optional().describe('The command that shows it'),
    }),
  ),
  text: ({ failure, test_command }) => `Find and fix this failure: ${failure}

1. Reproduce it${test_command ? ` with: ${test_command}` : ''} and keep the output verbatim. If you cannot, say so and stop guessing.
2. maestro_run_stage(stage: "analyze", task) and hand in the facts: observations, steps to reproduce, affected modules, what must stay true.
3. In hypothesize, write down at least two causes that would explain all facts, each with a test that would tell them apart. If none convinces, maestro_ensemble_generate(kind: "hypotheses", errors: [the output], confidence: your odds).
4. Run the verification tests before you touch the code. Take the hypothesis whose test reproduces the failure.
5. Make the smallest change that it asks for, run the tests, hand in implement, then debug until they pass. Take back a change that made things worse.
6. Where several patches are at hand, let maestro_select_best choose with the test command.`,
});
