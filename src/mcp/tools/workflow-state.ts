import { z } from 'zod';
import { MaestroError } from '../../domain/errors.ts';
import { place } from '../inputs.ts';
import { isKept } from '../kept-answers.ts';
import { additions, budget, metric } from '../outputs.ts';
import { pagesOf } from '../pages.ts';
import { defineTool, once } from '../tool.ts';

const DEFAULT_WAIT_MS = 100_000;
const MOST_WAIT_MS = 230_000;
/** What a page may take of an answer; the rest is for what surrounds it. */
const PAGE_CHARACTERS = 8_000;

const piece = () => z.looseObject({ at: z.string(), value: z.unknown() });
const entry = () => z.looseObject({ stage: z.string(), visit: z.number(), outcome: z.string(), summary: z.string() });

const input = once(() =>
  z.object({
    wait_for: z.string().min(1).max(200).describe('run_id').exactOptional(),
    wait_ms: z.int().min(0).max(MOST_WAIT_MS).describe('0-230000, default 100000').exactOptional(),
    page: z.int().min(1).max(100_000).describe('From 1, of a long result').exactOptional(),
    ...place(),
  }),
);

const output = once(() =>
  z.looseObject({
    workflow_id: z.string().nullish(),
    workspace: z.string().optional(),
    task: z.string().nullish(),
    status: z.enum(['none', 'open', 'awaiting_approval', 'escalated', 'finished']).optional(),
    stage: z.string().nullish(),
    visit: z.number().optional(),
    iteration: z.number().optional(),
    history: z.array(entry()).optional(),
    budget: budget().nullish(),
    running: z
      .array(
        z.looseObject({
          run_id: z.string(),
          kind: z.string(),
          since_ms: z.number(),
          interrupted: z.boolean().optional(),
        }),
      )
      .optional(),
    run: z
      .looseObject({
        run_id: z.string(),
        kind: z.string().optional(),
        status: z.enum(['running', 'done', 'failed', 'cancelled', 'unknown']),
        result: z.unknown().optional(),
        error: z.string().nullish(),
      })
      .nullish(),
    page: z.looseObject({ number: z.number(), of: z.number(), pieces: z.array(piece()) }).optional(),
    efficiency: metric().nullish(),
    next: z.string(),
    ...additions(),
  }),
);

export const tool = defineTool({
  name: 'maestro_workflow_state',
  title: 'Where the work stands',
  description:
    'Where the work stands and what to do next: call it first after a restart. Also collects a running or long answer: wait_for its run_id. Free.',
  input,
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  aliases: { run_id: 'wait_for' },
  untrusted: ({ run, page }) => (page ? '`page`' : (run as { result?: unknown } | null)?.result ? '`run`' : null),

  async call(maestro, { page, ...args }, context, kept) {
    const { wait_for } = args;
    if (page !== undefined && wait_for === undefined)
      throw new MaestroError(
        'usage',
        'page is of a result, but no wait_for says of which',
        'give wait_for: the run_id',
      );
    if (wait_for !== undefined && isKept(wait_for)) {
      const found = kept.find(wait_for);
      if (found) return pageAnswer(wait_for, found.answer, page ?? 1);
      throw new MaestroError('usage', `${wait_for} is no longer kept`, 'make the call that gave it again');
    }
    const wait = wait_for === undefined ? {} : { wait_ms: DEFAULT_WAIT_MS };
    const state = await maestro.workflowState({ ...wait, ...args }, context);
    if (page === undefined || state.run?.status !== 'done') return state;
    const { result: _, ...run } = state.run;
    const { workflow_id, workspace, status } = state;
    return { workflow_id, workspace, status, run, ...pageAnswer(run.run_id, state.run.result, page) };
  },
});

function pageAnswer(id: string, result: unknown, number: number): object {
  const pages = pagesOf(result, PAGE_CHARACTERS);
  const page = pages[number - 1];
  if (!page)
    throw new MaestroError('usage', `there is no page ${number} of ${id}`, `give a page from 1 to ${pages.length}`);
  const read = `maestro_workflow_state(wait_for: ${JSON.stringify(id)}, page: ${number + 1})`;
  return {
    page,
    next:
      number < page.of
        ? `Go on with ${read}. Pieces with the same 'at' are one text.`
        : 'This is the last page of the result.',
  };
}
