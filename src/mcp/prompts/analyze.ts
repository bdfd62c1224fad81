import { z } from 'zod';
import { definePrompt } from '../prompt.ts';
import { once } from '../tool.ts';

export const prompt = definePrompt({
  name: 'analyze',
  title: 'Freeze the facts',
  description: 'What is known about a task before anyone guesses: observations, reproduction, affected code.',
  args: once(() => z.object({ task: z.string().min(1).describe('What to look into') })),
  text: ({ task }) => `Analyze this, without changing anything: ${task}

1. maestro_run_stage(stage: "analyze", task) opens the stage.
2. maestro_pack_context(task, errors) finds the code it is about. Read it; run what can be run.
3. Separate what you observed from what you conclude. Observations are quotable: a command and its output, a file and its lines.
4. Hand in the output with maestro_run_stage(stage: "analyze", output), then report the facts to me and what is still unknown.`,
});
