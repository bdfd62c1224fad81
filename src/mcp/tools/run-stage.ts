import { z } from 'zod';
import { place, stage } from '../inputs.ts';
import { additions } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

const input = once(() =>
  z.object({
    stage: stage(),
    task: z.string().trim().min(1).max(200_000).exactOptional(),
    output: z.unknown().describe('As output_schema says').exactOptional(),
    host_turns: z.int().min(0).max(100_000).describe('Turns you took').exactOptional(),
    test_result: z
      .object({ status: z.enum(['passed', 'failed', 'not_run']), summary: z.string().min(1).max(100_000) })
      .exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    status: z.enum(['opened', 'accepted', 'rejected', 'gate_closed', 'escalated', 'awaiting_approval', 'finished']),
    workflow_id: z.string(),
    stage: stage(),
    visit: z.number(),
    iteration: z.number(),
    task: z.string().nullish(),
    goal: z.string().optional(),
    steps: z.array(z.string()).optional(),
    rules: z.array(z.string()).optional(),
    found: z.record(z.string(), z.unknown()).optional(),
    consults: z.looseObject({ allowed: z.number(), left: z.number(), from_iteration: z.number() }).optional(),
    ensemble: z.string().optional(),
    output_schema: z.unknown().optional(),
    pack: z.looseObject({ text: z.string(), tokens: z.number() }).nullish(),
    problems: z.array(z.looseObject({ path: z.string(), message: z.string() })).optional(),
    tests_basis: z.enum(['observed', 'reported']).nullish(),
    next_stage: stage().nullish(),
    summary: z.string().nullish(),
    next: z.string(),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_run_stage',
  title: 'Open a stage, or hand it in',
  description:
    'Work a bug in stages: analyze, hypothesize, implement, debug, improve. Without output: opens the stage and says goal, steps, rules and output_schema. With output: checks it and names the next stage. Free.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  call: (maestro, args, context) => maestro.runStage(args, context),
});
