import { z } from 'zod';
import { definePrompt } from '../prompt.ts';
import { once } from '../tool.ts';

export const prompt = definePrompt({
  name: 'review',
  title: 'Have a change reviewed by others',
  description: 'Several models look for what is wrong with a change; only what holds is reported.',
  args: once(() =>
    z.object({
      what: z.string().optional().describe('Which change; the uncommitted one otherwise'),
      providers: z.string().optional().describe('Whom to ask, separated by commas'),
    }),
  ),
  text: ({ what, providers }) => `Have this reviewed: ${what ?? 'the uncommitted changes of this repository'}

1. Look at the change yourself first and note what worries you.
2. maestro_ensemble_generate(kind: "answer", task${providers ? `, providers: [${providers}]` : ''}): give the diff in the task, what it is meant to do, and ask for defects only, each with file, line and an input that shows it.
3. Merge what comes back. For each defect try to show it: a test that fails, or the line that makes it impossible. Drop what you cannot show.
4. Report what holds, worst first: what was shown, and by whom it was found. Do not report style.`,
});
