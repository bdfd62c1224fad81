import { z } from 'zod';

/** What the tests said after a change; `not_run` where they could not be run. */
export const testResult = z.strictObject({
  status: z.enum(['passed', 'failed', 'not_run']),
  summary: z.string().min(1),
});

/** A changed file, relative to the workspace, and what was done to it. */
export const fileSummary = z.strictObject({ file: z.string().min(1), summary: z.string().min(1) });
