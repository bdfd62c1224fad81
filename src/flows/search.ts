import type { ChangeSet } from '../domain/change.ts';
import { changeKey } from '../domain/change.ts';
import type { Baseline, Counts } from '../domain/evidence.ts';
import type { NewEvent, RepairBrief, Run, Screener } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import type { Arrivals } from './arrivals.ts';
import type { FixPorts } from './fix-contract.ts';
import { verified } from './fix-facts.ts';
import type { Proposals, Proposed } from './proposals.ts';
import { proposals } from './proposals.ts';
import type { Stopwatch } from './stopwatch.ts';

/** A candidate worth keeping: as text, so that a resumed run can read it again. */
export interface Found {
  readonly text: string;
  readonly provider: string;
  readonly operator?: string;
  readonly rank: number;
  readonly fixed: number;
  readonly broken: number;
  /** Where a model made it: which ask it came from. */
  readonly key?: string;
  /** What the user's own command said, where it was run and passed. */
  readonly after?: Counts;
}

/** What trying one iteration's proposals came to. */
export interface SearchResult {
  readonly taken: number;
  readonly tried: number;
  readonly exhausted: boolean;
  /** Candidates that pass the screen, in order of trial. */
  readonly passing: readonly Found[];
  /** Candidates that fix some targets, and every model's that was tried, the best first. */
  readonly partial: readonly Found[];
  /** Which models' patches were taken, and those that are no patch of this tree, with why. */
  readonly models: readonly string[];
  readonly misfits: ReadonlyArray<{ readonly provider: string; readonly problem: string }>;
  /** Rank of the first candidate that the user's own command confirmed; `null` when there is none. */
  readonly confirmed: number | null;
  /** Time since that confirmation, in ms. */
  readonly sinceConfirmedMs: number;
}

export interface SearchLimits {
  readonly iteration: number;
  readonly maxCandidates: number;
  /** Time to leave for choosing, shrinking and the last run. */
  readonly reserveMs: number;
}

/** A batch is what a crash can cost: its trials are lost, its predecessors are not. */
const BATCH_MS = 2_000;
/** How long to look for others after the first confirmed one: the right one is often close behind. */
const WINDOW_MS = 1_500;
const MAX_PASSING = 48;
const MAX_PARTIAL = 5;
/** Trials under way at once; the screener runs as many of them as there are cores. */
const WIDTH = 8;

const NOTHING: SearchResult = {
  taken: 0,
  tried: 0,
  exhausted: false,
  passing: [],
  partial: [],
  models: [],
  misfits: [],
  confirmed: null,
  sinceConfirmedMs: 0,
};

/**
 * Tries proposals in order until some pass and the window after the first confirmed one has closed, or
 * proposals, candidates or time run out. Each batch is one committed step; `arriving` is called when the first one that was not
 * committed before begins.
 */
export async function search(
  run: Run,
  ports: FixPorts,
  screener: Screener,
  baseline: Baseline,
  brief: RepairBrief,
  limits: SearchLimits,
  watch: Stopwatch,
  arriving: (() => Arrivals) | null = null,
): Promise<SearchResult> {
  let total = NOTHING;
  let source: Proposals | null = null;
  const seen = new Set<string>();
  const over = (now: SearchResult): boolean =>
    now.exhausted ||
    now.tried >= limits.maxCandidates ||
    now.passing.length >= MAX_PASSING ||
    now.sinceConfirmedMs >= WINDOW_MS ||
    watch.remainingMs <= limits.reserveMs;
  try {
    for (let batch = 1; !over(total) || batch === 1; batch++) {
      const before = total;
      const { value } = await watch.step(run, `search.${limits.iteration}.${batch}`, async (record) => {
        const already = { templates: before.taken - before.models.length, models: before.models };
        source ??= proposals(ports.advisors, brief, already, run.signal, arriving?.() ?? null);
        const result = await tryBatch({ run, ports, screener, baseline, source, seen, before, over, watch, record });
        const tried = result.tried - before.tried;
        const passing = result.passing.length - before.passing.length;
        record({
          type: 'candidates_screened',
          payload: { iteration: limits.iteration, tried, passing, screener: screener.kind },
        });
        return result;
      });
      total = value;
    }
  } finally {
    await (source as Proposals | null)?.close();
  }
  return total;
}

interface Batch {
  readonly run: Run;
  readonly ports: FixPorts;
  readonly screener: Screener;
  readonly baseline: Baseline;
  readonly source: Proposals;
  readonly seen: Set<string>;
  readonly before: SearchResult;
  readonly over: (now: SearchResult) => boolean;
  readonly watch: Stopwatch;
  readonly record: (event: NewEvent) => void;
}

async function tryBatch(batch: Batch): Promise<SearchResult> {
  const { before, watch } = batch;
  const from = watch.now;
  const state = {
    ...before,
    passing: [...before.passing],
    partial: [...before.partial],
    models: [...before.models],
    misfits: [...before.misfits],
  };
  let confirmedAt = before.confirmed === null ? null : from - before.sinceConfirmedMs;
  const underWay = new Set<Promise<void>>();
  const stop = AbortSignal.any([batch.run.signal, AbortSignal.timeout(Math.max(1, Math.ceil(watch.remainingMs)))]);
  const standing = (): SearchResult => ({
    ...state,
    sinceConfirmedMs: confirmedAt === null ? 0 : watch.now - confirmedAt,
  });

  const tryOne = async (proposal: Proposed & { readonly rank: number }): Promise<void> => {
    const change = await usable(batch, proposal, (misfit) => state.misfits.push(misfit));
    if (!change) return;
    const screening = await inTime(batch.screener.screen(change, stop), stop, batch.run);
    if (!screening) return;
    state.tried++;
    // Kept without secrets: they come back when it is read again.
    const text = redact(proposal.text).text;
    const found: Found = { ...proposal, text, fixed: screening.fixed, broken: screening.broken };
    if (screening.verdict === 'pass') {
      const after = state.confirmed === null ? await confirmed(batch, found, change) : null;
      state.passing.push(after ? { ...found, after } : found);
      if (after && state.confirmed === null) {
        state.confirmed = found.rank;
        confirmedAt = watch.now;
      }
    } else if (screening.fixed > 0 || found.key !== undefined) {
      state.partial = bestPartial([...state.partial, found]);
    }
  };

  // Nothing is lost by a batch that waits for its first proposal.
  while ((watch.now - from < BATCH_MS || state.taken === before.taken) && !batch.over(standing())) {
    batch.run.signal.throwIfAborted();
    if (underWay.size >= WIDTH) await Promise.race(underWay);
    const next = await batch.source.next();
    if (next.kind === 'over') {
      state.exhausted = true;
      break;
    }
    if (next.kind === 'waiting') continue;
    state.taken++;
    if (next.proposal.key !== undefined) state.models.push(next.proposal.key);
    const trial: Promise<void> = tryOne({ ...next.proposal, rank: state.taken }).finally(() => underWay.delete(trial));
    trial.catch(() => {});
    underWay.add(trial);
    report(batch, standing(), from);
  }
  await Promise.all(underWay);
  state.passing.sort((a, b) => a.rank - b.rank);
  return standing();
}

/** The change a proposal stands for, or `null` when it is none of this tree (of a model's, that is told), or was tried already. */
async function usable(
  { ports, seen }: Batch,
  { text, provider, key }: Proposed,
  misfit: (misfit: SearchResult['misfits'][number]) => void,
): Promise<ChangeSet | null> {
  const parsed = await ports.patches.parse(text);
  if (!parsed.ok) {
    if (key !== undefined) misfit({ provider, problem: parsed.problem });
    return null;
  }
  const same = changeKey(parsed.change);
  if (seen.has(same)) return null;
  seen.add(same);
  return parsed.change;
}

/** `null` for a trial that was cut off because time is up; rejects as the trial does when the run was cancelled. */
async function inTime<T>(trial: Promise<T>, stop: AbortSignal, run: Run): Promise<T | null> {
  try {
    return await trial;
  } catch (error) {
    if (run.signal.aborted || !stop.aborted) throw error;
    return null;
  }
}

async function confirmed(batch: Batch, found: Found, change: ChangeSet): Promise<Counts | null> {
  const { run, ports, baseline, watch, record } = batch;
  const options = { signal: run.signal, timeLimitMs: trialLimitMs(baseline, watch) };
  const evidence = await ports.verifier.verify(change, baseline, options);
  record(verified(found, evidence));
  return evidence.status === 'passed' ? evidence.counts : null;
}

/** A candidate's run may take a few times the unchanged tree's, and never more than what is left. */
export function trialLimitMs(baseline: Baseline, watch: Stopwatch): number {
  const usual = baseline.endless ? baseline.ms : 5_000 + 5 * baseline.ms;
  return Math.max(1_000, Math.min(usual, watch.remainingMs));
}

function bestPartial(found: readonly Found[]): Found[] {
  return [...found].sort((a, b) => a.broken - b.broken || b.fixed - a.fixed || a.rank - b.rank).slice(0, MAX_PARTIAL);
}

function report({ ports, screener, watch, before }: Batch, now: SearchResult, from: number): void {
  const ms = Math.max(1, watch.now - from);
  ports.progress({
    kind: 'search',
    tried: now.tried,
    passing: now.passing.length,
    bestFixed: now.passing.length > 0 ? screener.targets : Math.max(0, ...now.partial.map((found) => found.fixed)),
    targets: screener.targets,
    perSecond: (1000 * (now.tried - before.tried)) / ms,
    remainingMs: watch.remainingMs,
  });
}
