import { z } from 'zod';

const hypothesis = z.object({
  id: z.string().min(1),
  claim: z.string().min(1),
  verification_test: z.string().min(1),
  confidence: z.number().min(0).max(1),
});
const answer = z.object({
  hypotheses: z
    .array(hypothesis)
    .min(1)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'two hypotheses have the same id'),
});

export type AdvisedHypothesis = z.infer<typeof hypothesis>;

const SHAPE = '{"hypotheses":[{"id","claim","verification_test","confidence"}]}';

/** The hypotheses in an advisor's answer: the last JSON object in it of the stage's shape, or why there is none, in one line. */
export function hypothesesIn(
  text: string,
):
  | { readonly ok: true; readonly parsed: readonly AdvisedHypothesis[] }
  | { readonly ok: false; readonly problem: string } {
  let problem = `there is no JSON object of the shape ${SHAPE} in it`;
  for (const value of jsonObjects(text)) {
    const read = answer.safeParse(value);
    if (read.success) return { ok: true, parsed: read.data.hypotheses };
    const issue = read.error.issues[0]!;
    if ('hypotheses' in value) problem = `${issue.path.join('.')}: ${issue.message}`;
  }
  return { ok: false, problem };
}

const MAX_TRIES = 50;

/** The outermost JSON objects that stand in a text, last first: models explain themselves before they answer. */
function jsonObjects(text: string): readonly object[] {
  const found: object[] = [];
  let tries = 0;
  for (let from = text.indexOf('{'); from >= 0 && tries < MAX_TRIES; tries++) {
    const to = closingBrace(text, from);
    const value = to === null ? null : parsed(text.slice(from, to + 1));
    if (value) found.unshift(value);
    from = text.indexOf('{', value && to !== null ? to + 1 : from + 1);
  }
  return found;
}

/** Where the object that begins at an offset ends, strings left alone; null when it does not. */
function closingBrace(text: string, from: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return null;
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
