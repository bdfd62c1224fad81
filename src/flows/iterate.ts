import type { Attempt, RepairBrief, Screener } from '../domain/ports.ts';
import type { Question } from './ask.ts';
import { answered, ask } from './ask.ts';
import type { Chosen } from './choose.ts';
import { choose } from './choose.ts';
import type { Consultation, Earlier } from './consultation.ts';
import type { Facts, FixPorts, Work } from './fix-contract.ts';
import type { Report } from './fix-report.ts';
import { describe } from './fix-words.ts';
import type { Found, SearchLimits, SearchResult } from './search.ts';
import { search } from './search.ts';

/** Shares of the time limit kept for choosing, shrinking and the last run: at least, and at most. */
const RESERVE = { least: 0.06, most: 0.4 };
/** Whole runs that are still to come once a candidate is found. */
const LAST_RUNS = 3;
const MAX_ATTEMPTS = 5;
const USED_UP = 'no consult is left; limits.consults_per_workflow in maestro.config.jsonc says how many a run has';

/** What the search came to; where nothing was confirmed, `budget` says why nobody was asked any more, if that is why. */
export type Searched = { readonly chosen: Chosen } | { readonly chosen: null; readonly budget: string | null };

/**
 * implement, then debug: what nearly worked goes back to the advisors, until a candidate is confirmed, nothing new
 * comes, or iterations, consults, candidates or time are used up.
 */
export async function iterate(
  work: Work,
  screener: Screener,
  facts: Facts,
  report: Report,
  consultation: Consultation | null,
): Promise<Searched> {
  const { request, watch } = work;
  const reserveMs = reserved(request.timeLimitMs, work.baseline.ms);
  let earlier: Earlier = { partial: [], misfits: [] };
  let budget: string | null = null;
  for (let iteration = 1; iteration <= 1 + request.maxIterations; iteration++) {
    const stage = iteration === 1 ? 'implement' : 'debug';
    await report.enter(stage, describe.iteration(iteration, request.maxIterations));
    const question = { iteration, stage } as const;
    const limits = { iteration, maxCandidates: request.maxCandidates - report.tried, reserveMs };
    const result = await consult(work, screener, facts, question, earlier, limits, consultation);
    const settled = consultation && result && (await consultation.settle(question));
    if (settled) report.settle(settled);
    if (!result) {
      await report.leave('gave_up', 'the budget of consults is used up');
      return { chosen: null, budget: USED_UP };
    }
    report.tried += result.tried;
    const chosen = await chosenOf(work, screener, iteration, result);
    await report.leave(
      chosen ? 'done' : 'gave_up',
      chosen ? describe.chosen(chosen) : describe.search(result, screener.targets),
    );
    if (chosen) return { chosen };
    budget = settled?.refusal ?? null;
    const partial = [...result.partial, ...earlier.partial].slice(0, MAX_ATTEMPTS);
    earlier = { partial, misfits: result.misfits };
    if (
      (result.taken === 0 && !settled?.asked) ||
      report.tried >= request.maxCandidates ||
      watch.remainingMs <= reserveMs
    )
      break;
  }
  return { chosen: null, budget };
}

function reserved(limitMs: number, wholeRunMs: number): number {
  return Math.min(limitMs * RESERVE.most, Math.max(limitMs * RESERVE.least, LAST_RUNS * wholeRunMs));
}

/** Asks the advisors once and tries what they propose; `null` when the budget has no consult left. */
async function consult(
  work: Work,
  screener: Screener,
  facts: Facts,
  question: Question,
  earlier: Earlier,
  limits: SearchLimits,
  consultation: Consultation | null,
): Promise<SearchResult | null> {
  const { run, ports, request, watch, baseline, failures } = work;
  if (!(await ask(run, ports, question, watch))) return null;
  const from = watch.spentMs;
  const brief: RepairBrief = {
    task: request.task,
    sources: facts.sources,
    suspects: facts.suspects,
    failures,
    iteration: question.iteration,
    attempts: await attempts(ports, earlier.partial),
  };
  const arriving = consultation && (() => consultation.ask(question, earlier));
  const result = await search(run, ports, screener, baseline, brief, limits, watch, arriving);
  await answered(run, ports, question, watch.spentMs - from, watch);
  return result;
}

async function chosenOf(
  work: Work,
  screener: Screener,
  iteration: number,
  { passing }: SearchResult,
): Promise<Chosen | null> {
  if (passing.length === 0) return null;
  const { run, ports, watch, baseline } = work;
  const { value } = await watch.step(run, `choose.${iteration}`, (record) =>
    choose(run, ports, screener, baseline, passing, watch, record),
  );
  return value;
}

/** Earlier tries for the advisors, worst first. */
async function attempts(ports: FixPorts, partial: readonly Found[]): Promise<Attempt[]> {
  const known: Attempt[] = [];
  for (const { text, fixed, broken } of partial) {
    const parsed = await ports.patches.parse(text);
    if (parsed.ok) known.unshift({ change: parsed.change, fixed, broken, failures: [] });
  }
  return known;
}
