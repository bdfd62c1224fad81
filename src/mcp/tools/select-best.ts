import { z } from 'zod';
import { place } from '../inputs.ts';
import { additions, outcome } from '../outputs.ts';
import { defineTool, once } from '../tool.ts';

const command = () => z.string().min(1).max(10_000);

const ranked = () =>
  z.looseObject({
    id: z.string(),
    rank: z.number(),
    eligible: z.boolean(),
    evidence: z.looseObject({ basis: z.string() }),
    why: z.string(),
  });

const input = once(() =>
  z.object({
    candidates: z.array(z.unknown()).min(1).max(50).describe('[{id, patch | files | text}]').exactOptional(),
    run_id: z.string().min(1).max(200).describe('Or an ensemble').exactOptional(),
    mode: z
      .enum(['tests_first', 'llm_judge'])
      .describe('Default tests_first; llm_judge costs 2 consults')
      .exactOptional(),
    test_results: z.unknown().describe('[{id, passed: [], failed: []}]').exactOptional(),
    lint_results: z.unknown().exactOptional(),
    test_command: command().exactOptional(),
    lint_command: command().exactOptional(),
    probe_command: command().describe('Runs other inputs').exactOptional(),
    criteria: z.string().min(1).max(10_000).describe('For the judge').exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    status: z.enum(['selected', 'skipped', 'refused', 'running']),
    winner: z.string().nullable().optional(),
    closest: z.string().nullish(),
    why: z.string().optional(),
    ranking: z.array(ranked()).optional(),
    patch: z.string().nullish(),
    ...outcome(),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_select_best',
  title: 'Choose by evidence',
  description:
    'Order candidates by evidence, tests first; winner null when none passes. Runs test_command on each in isolated copies, or takes results you have.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  nullsThatAnswer: ['winner'],
  untrusted: ({ status, patch }) => (status !== 'selected' ? null : patch ? '`patch`, `ranking`' : '`ranking`'),
  call: (maestro, args, context) => maestro.select(args, context),
});
