import type { Answer } from '../domain/advice.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { Decision, Situation } from '../domain/policy.ts';
import type { Run } from '../domain/ports.ts';
import { lexicalSimilarity } from '../domain/similarity.ts';
import { type Advised, type AdvisePorts, advise, type FailedAdvice } from './advise.ts';
import type { Question } from './consult.ts';
import { permit } from './permit.ts';

export interface EnsembleRequest {
  readonly kind: 'hypotheses' | 'patch' | 'answer';
  /** How many answers; null: as many as advisors were named, else three, as far as the budget goes. */
  readonly n: number | null;
  /** How many advisors were named. */
  readonly named: number;
  readonly force: boolean;
}

/** What a candidate's text says in the form of its kind. */
export type Reading<Parsed> =
  | { readonly ok: true; readonly parsed: Parsed }
  | { readonly ok: false; readonly problem: string };

export interface EnsemblePorts<Parsed> extends AdvisePorts {
  readonly situation: () => Promise<Situation>;
  /** Whom to ask, in turn; looked up only once the rules allow it. */
  readonly advisors: () => Promise<readonly string[]>;
  readonly question: () => Promise<Question>;
  /** Why an answer should be asked for again, or null. */
  readonly malformed: (text: string) => string | null;
  /** The answer in the form of its kind, or why it is not that. */
  readonly read: (text: string) => Promise<Reading<Parsed>>;
}

export interface Candidate<Parsed> {
  readonly id: string;
  readonly answer: Answer & { readonly provider: string };
  readonly reading: Reading<Parsed>;
}

/** Somebody who was named and not asked, and why. */
export interface LeftOut {
  readonly provider: string;
  readonly why: string;
}

export type EnsembleOutcome<Parsed> =
  | {
      readonly status: 'generated';
      readonly candidates: ReadonlyArray<Candidate<Parsed>>;
      readonly failures: readonly FailedAdvice[];
      readonly leftOut: readonly LeftOut[];
      readonly similarity: number | null;
      readonly forced: boolean;
    }
  | { readonly status: 'not_asked'; readonly decision: Decision };

const USUAL_SIZE = 3;

/**
 * The same task put to several advisors at once; more answers than advisors are further samples of the same ones. All are paid
 * from the budget together, before the first is asked. Answers are untrusted; an unusable one says why.
 */
export async function ensemble<Parsed>(
  run: Run,
  ports: EnsemblePorts<Parsed>,
  request: EnsembleRequest,
): Promise<EnsembleOutcome<Parsed>> {
  const permitted = await permit(run, ports, 'policy', (now) => wishOf(request, now), 'once');
  const { decision, wish, reservation } = permitted;
  if (decision.decision !== 'allow') return { status: 'not_asked', decision };
  const [advisors, question] = await run.step('question', () => Promise.all([ports.advisors(), ports.question()]));
  const places = Array.from({ length: wish.n }, (_, place) => place);
  const answers = await inParallel(places, wish.n, (place) =>
    askOne(run, ports, question, { place, advisors, reservation }),
  );
  const { candidates, failures, similarity } = await conclude(run, ports, request, answers);
  const leftOut = request.named > 0 ? leftOutOf(advisors.slice(wish.n), request, decision) : [];
  return { status: 'generated', candidates, failures, leftOut, similarity, forced: decision.forced };
}

/** Those whose turn did not come: fewer answers were asked for, or paid for, than advisors were named. */
function leftOutOf(providers: readonly string[], { n }: EnsembleRequest, { left }: Decision): readonly LeftOut[] {
  const budget = `the budget leaves ${left.stage} in this stage and ${left.workflow} in this workflow`;
  const why = n === null ? budget : `n is ${n}`;
  return providers.map((provider) => ({ provider, why }));
}

function wishOf({ n, named, force }: EnsembleRequest, { left }: Situation) {
  const affordable = Math.max(1, Math.min(left.stage, left.workflow));
  return { kind: 'ensemble', n: n ?? Math.min(named || USUAL_SIZE, affordable), force } as const;
}

/** One answer of the ensemble: nobody else stands in for an advisor that fails, or its answer would be counted twice. */
function askOne<Parsed>(
  run: Run,
  ports: EnsemblePorts<Parsed>,
  { kind, system, prompt, transcript, stage, model }: Question,
  { place, advisors, reservation }: { place: number; advisors: readonly string[]; reservation: string | null },
): Promise<Advised> {
  return advise(run, ports, {
    name: `ask.${place + 1}`,
    purpose: 'candidates',
    stage,
    ensemble: run.id,
    advisors: [advisors[place % advisors.length]!],
    model,
    request: { kind, system, prompt, transcript, sample: Math.floor(place / advisors.length) },
    reservation,
    malformed: ports.malformed,
  });
}

type Concluded<Parsed> = Pick<
  Extract<EnsembleOutcome<Parsed>, { status: 'generated' }>,
  'candidates' | 'failures' | 'similarity'
>;

function conclude<Parsed>(
  run: Run,
  ports: EnsemblePorts<Parsed>,
  { kind }: EnsembleRequest,
  answers: readonly Advised[],
): Promise<Concluded<Parsed>> {
  return run.step('conclude', async (record) => {
    const given = answers.flatMap(({ answer }) => (answer ? [answer] : []));
    const failures = answers.flatMap((one) => one.failures);
    const candidates = await Promise.all(
      given.map(async (answer, index) => ({ id: `c${index + 1}`, answer, reading: await ports.read(answer.text) })),
    );
    const similarity = lexicalSimilarity(given.map(({ text }) => text));
    const payload = { ensemble: run.id, kind, candidates: given.length, failures: failures.length };
    record({ type: 'ensemble_generated', payload: { ...payload, lexical_similarity: similarity } });
    return { candidates, failures, similarity };
  });
}
