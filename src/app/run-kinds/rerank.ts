import { systemPrompt } from '../../domain/role.ts';
import type { StageId } from '../../domain/stage.ts';
import { type ConsultOutcome, consult } from '../../flows/consult.ts';
import { askPorts } from '../ask.ts';
import { askingIn } from '../asking-in.ts';
import { pathsIn } from '../paths-in.ts';
import type { RunKind } from '../run-kind.ts';

/** Outlines to put in order for a question, as it is stored: without secrets. */
export interface RerankWork {
  readonly provider: string;
  readonly question: string;
  readonly outlines: ReadonlyArray<{ readonly path: string; readonly outline: string }>;
  readonly stage: StageId | null;
}

/** Paths, the likeliest first, or why there are none. */
export type RerankResult =
  | { readonly order: readonly string[]; readonly why: null }
  | { readonly order: null; readonly why: string };

const MOST_OF_A_QUESTION = 20_000;

const SYSTEM = systemPrompt('You are an experienced engineer who knows where in a program to look.', [
  'Answer with the paths of the files that one would have to change or to read for the question, the likeliest first, at most 15.',
  'One path a line, exactly as it is written in the outlines, and nothing else.',
]);

export const kind: RunKind = {
  kind: 'rerank',

  async work(run, request, surroundings): Promise<RerankResult> {
    const work = request as RerankWork;
    const { asking, stage, situation } = await askingIn(surroundings, work.stage);
    const outcome = await consult(run, {
      ...askPorts(run, asking),
      situation: () => situation(null),
      // Nobody else is asked in its place: a better order is worth one consult.
      advisors: async () => [work.provider],
      question: async () => ({
        kind: 'answer',
        system: SYSTEM,
        prompt: promptOf(work),
        model: null,
        stage,
        transcript: [],
      }),
      malformed: () => null,
    });
    return resultOf(outcome, work);
  },

  isReusable: (result) => (result as RerankResult).order !== null,
};

function promptOf({ question, outlines }: RerankWork): string {
  const files = outlines.map(({ outline }) => outline).join('\n');
  return `# Question\n${question.slice(0, MOST_OF_A_QUESTION)}\n\n# Files: path, and what each defines (name:line)\n${files}`;
}

function resultOf(outcome: ConsultOutcome, { outlines }: RerankWork): RerankResult {
  if (outcome.status === 'not_asked') {
    const { rule, reason } = outcome.decision;
    return { order: null, why: `not asked (${rule}): ${reason}` };
  }
  if (outcome.status === 'failed') {
    const [first] = outcome.failures;
    return { order: null, why: first ? `${first.provider}: ${first.failure.message}` : 'nobody could be asked' };
  }
  const paths = outlines.map(({ path }) => path);
  return { order: pathsIn(outcome.answer.text, paths), why: null };
}
