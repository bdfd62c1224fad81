import type { Baseline } from '../domain/evidence.ts';
import { type Hypothesis, readHypotheses } from '../domain/hypothesis.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { Run } from '../domain/ports.ts';
import { rankHypotheses } from '../domain/selection.ts';
import { lexicalSimilarity } from '../domain/similarity.ts';
import { verificationOf } from '../domain/verification.ts';
import type { Advised, FailedAdvice } from './advise.ts';
import type { Facts, FixPorts, Work } from './fix-contract.ts';
import { errorTexts, fixQuestion } from './fix-question.ts';
import { type Panel, seatsFor } from './panel.ts';

/** What the models think: hypotheses, those first whose test reproduces the failure. */
export interface Thoughts {
  readonly hypotheses: readonly Hypothesis[];
  readonly failures: readonly FailedAdvice[];
  /** How many were asked, and why nobody was. */
  readonly asked: number;
  readonly refusal: string | null;
}

/** Asks the models for hypotheses, all at once, and orders what they say. Rejects when cancelled. */
export async function think(
  run: Run,
  panel: Panel,
  { request, ports, baseline, failures }: Work,
  facts: Facts,
): Promise<Thoughts> {
  const stage = 'hypothesize' as const;
  const { seats, refusal } = await seatsFor(run, panel, {
    name: 'hypothesize.rules',
    stage,
    most: panel.models.length,
    asked: 0,
  });
  if (refusal !== null) return { hypotheses: [], failures: [], asked: 0, refusal };
  const prompt = await run.step('hypothesize.question', async () => {
    const { task, command } = request;
    const matter = { task, errors: errorTexts(failures), suspects: facts.suspects, stage };
    const pack = await panel.pack(matter);
    const { suspects } = facts;
    const targets = baseline.failing.length;
    return fixQuestion({ task, command, failures, targets, suspects, hypotheses: [], attempts: [], misfits: [], pack });
  });
  const { malformed, ...form } = await panel.role('hypothesis_scientist');
  const answers = await inParallel([...seats.entries()], seats.length, ([seat, advisors]) =>
    panel.advise(run, {
      name: `hypothesize.${seat + 1}`,
      purpose: 'candidates',
      stage,
      ensemble: run.id,
      advisors,
      model: null,
      request: { ...form, prompt, transcript: [], sample: 0 },
      reservation: null,
      malformed,
    }),
  );
  return conclude(run, ports, answers, request.command, baseline);
}

function conclude(
  run: Run,
  { verifier }: FixPorts,
  answers: readonly Advised[],
  command: readonly string[],
  baseline: Baseline,
): Promise<Thoughts> {
  return run.step('hypothesize.conclude', async (record) => {
    const given = answers.flatMap(({ answer }) => (answer ? [answer] : []));
    const failures = answers.flatMap((one) => one.failures);
    const all = given.flatMap(({ provider, text }) => {
      const read = readHypotheses(text);
      return read.ok ? read.value.map((one) => ({ ...one, id: `${provider}.${one.id}` })) : [];
    });
    const known = { command, baseline, files: verifier.snapshot.files };
    const judged = all
      .toSorted((a, b) => b.confidence - a.confidence)
      .map((hypothesis) => ({ hypothesis, verification: verificationOf(hypothesis.verification_test, known) }));
    record({
      type: 'ensemble_generated',
      payload: {
        ensemble: run.id,
        kind: 'hypotheses',
        candidates: given.length,
        failures: failures.length,
        lexical_similarity: lexicalSimilarity(given.map(({ text }) => text)),
      },
    });
    const hypotheses = rankHypotheses(judged).map(({ hypothesis }) => hypothesis);
    return { hypotheses, failures, asked: answers.length, refusal: null };
  });
}
