import { z } from 'zod';
import type { Tally } from './tally.ts';

/** Counts up when events come to be added up differently: what an earlier version kept is then not read. */
export const TALLY_VERSION = 2;

const count = z.number();
const group = z.strictObject({
  turnsKnown: z.boolean(),
  coordinated: z.boolean(),
  hostTurns: count,
  visitsWithoutTurns: count,
  consults: count,
  advisorTurns: count,
  finished: count,
  passed: count,
  reported: count,
  finishedReported: count,
});
const provider = z.strictObject({
  calls: count,
  tokens: count,
  withoutTokens: count,
  costUsd: count,
  withoutCost: count,
  ms: count,
  withoutMs: count,
});
const record = z.strictObject({
  settled: z.array(group),
  providers: z.array(z.tuple([z.string(), provider])),
  selections: count,
  testedSelections: count,
  anyReportedEvidence: z.boolean(),
  contests: count,
  uplifts: count,
  similarity: count,
  comparedEnsembles: count,
});

/** A settled tally as JSON text. Throws a TypeError when workflows are kept one by one. */
export function tallyText({ workflows, providers, ...sums }: Tally): string {
  if (workflows.size > 0) throw new TypeError('settle a tally before it is written down');
  return JSON.stringify({ ...sums, providers: [...providers] });
}

/** The tally that a text stands for; null when it is none, or not whole. */
export function readTally(text: string): Tally | null {
  const { data } = record.safeParse(JSON.parse(text));
  return data ? { ...data, workflows: new Map(), providers: new Map(data.providers) } : null;
}
