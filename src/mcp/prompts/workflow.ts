import { z } from 'zod';
import { definePrompt } from '../prompt.ts';
import { once } from '../tool.ts';

export const prompt = definePrompt({
  name: 'workflow',
  title: 'Work through the five stages',
  description: 'Take a task from frozen facts to a change that passes the tests.',
  args: once(() =>
    z.object({
      task: z.string().min(1).describe('What is wrong, or what is wanted'),
      test_command: z.string().optional().describe('The command that runs the tests'),
    }),
  ),
  text: ({ task, test_command }) => `Work on this with Maestro's five stages: ${task}

1. Call maestro_workflow_state with the workspace: if a workflow for this is open, go on from where it stands.
2. Otherwise call maestro_run_stage(stage: "analyze", task). Do the steps it gives, then hand in the output in its output_schema. It names the next stage; go on so through hypothesize, implement, debug and improve.
3. Freeze facts before guessing. Make one change at a time and run the tests after each${test_command ? ` with: ${test_command}` : ''}.
4. Ask others only where the stage allows it and you are less than 45 % sure to succeed alone. Choose among candidates with maestro_select_best and the test command.
5. When a gate is closed, a consult is refused or a stage is escalated, read "next" and do that; do not try to get around it.

At the end say what changed, which tests were observed to pass, and what is uncertain.`,
});
