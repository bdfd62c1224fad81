import { z } from 'zod';
import type { Reading } from './structured-answer.ts';
import { readAnswer } from './structured-answer.ts';

/** About 750 tokens. An over-long answer to a small question is a sign of confusion (MAKER, arXiv 2511.09030): discarded, not mined. */
const MAX_CHARACTERS = 3_000;

const verdictSchema = z.object({
  winner: z.string().trim().min(1).nullable(),
  why: z.string().trim().min(1).max(2_000),
});

/** What a judge chose: the id of a candidate as the judge knows it, or none. */
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** The verdict in a judge's text. An over-long answer, or a winner that is none of the ids, is a problem like any malformed one. */
export function readVerdict(text: string, ids: readonly string[]): Reading<Verdict> {
  if (text.length > MAX_CHARACTERS)
    return { ok: false, problem: `it has ${text.length} characters where at most ${MAX_CHARACTERS} were expected` };
  const read = readAnswer(text, verdictSchema);
  if (!read.ok || read.value.winner === null || ids.includes(read.value.winner)) return read;
  const named = JSON.stringify(read.value.winner.slice(0, 40));
  return { ok: false, problem: `winner: ${named} is none of the ids ${ids.join(', ')}` };
}
