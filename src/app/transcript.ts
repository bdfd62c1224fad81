import { MaestroError } from '../domain/errors.ts';
import { findRun } from '../engine/records.ts';
import type { Queries } from '../store/schema.ts';
import type { ConsultResult } from './calls.ts';
import type { ConsultWork } from './run-kinds/consult.ts';

/** An earlier conversation, oldest exchange first, and with whom it was. */
export interface Transcript {
  readonly provider: string;
  readonly exchanges: ReadonlyArray<{ readonly question: string; readonly answer: string }>;
}

/** What goes along of earlier exchanges: the newest, as far as they fit. */
const MAX_EXCHANGES = 8;
const MAX_CHARACTERS = 60_000;

/**
 * The conversation that a consult was the last part of. Throws `usage` where the run is no answered consult of the
 * workspace, or retention has dropped what was said.
 */
export async function transcriptOf(queries: Queries, workspace: string, runId: string): Promise<Transcript> {
  const last = await exchangeOf(queries, workspace, runId);
  if (!last)
    throw new MaestroError(
      'usage',
      `there is no answered consult ${runId} of this workspace to continue`,
      'give the run_id of an earlier consult, or leave `continue` out and say in the prompt what matters',
    );
  const exchanges: { question: string; answer: string }[] = [];
  let characters = 0;
  for (let next: typeof last | null = last; next && exchanges.length < MAX_EXCHANGES; ) {
    characters += next.question.length + next.answer.length;
    if (characters > MAX_CHARACTERS && exchanges.length > 0) break;
    exchanges.unshift({ question: bounded(next.question), answer: bounded(next.answer) });
    next = next.before === null ? null : await exchangeOf(queries, workspace, next.before);
  }
  return { provider: last.provider, exchanges };
}

async function exchangeOf(queries: Queries, workspace: string, runId: string) {
  const run = await findRun(queries, runId);
  if (run?.kind !== 'consult' || run.workspace !== workspace || run.status !== 'done') return null;
  const request = run.request as unknown as ConsultWork | null;
  const result = run.result as unknown as ConsultResult | null;
  if (!request || result?.status !== 'answered') return null;
  return { provider: result.provider, question: request.prompt, answer: result.text, before: request.continue };
}

function bounded(text: string): string {
  return text.length <= MAX_CHARACTERS / 2 ? text : `${text.slice(0, MAX_CHARACTERS / 2)}\n(cut here)`;
}
