import type { ChangeSet } from '../domain/change.ts';
import type { Baseline, Counts, Evidence } from '../domain/evidence.ts';
import type { NewEvent, Run, Screener } from '../domain/ports.ts';
import { select } from '../domain/selection.ts';
import type { FixPorts } from './fix-contract.ts';
import { selectionMade, verified } from './fix-facts.ts';
import type { Found } from './search.ts';
import { trialLimitMs } from './search.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The candidate that the user's own command confirmed, and what was seen of it. */
export interface Chosen {
  readonly found: Found;
  readonly after: Counts;
  readonly why: string;
  /** How many were compared, and how many the command refused before this one. */
  readonly compared: number;
  readonly refused: number;
}

/**
 * Orders the candidates that pass the screen (DESIGN § 8) and hands over the first in that order which the
 * user's own command confirms in a fresh workspace; `null` when it confirms none.
 */
export async function choose(
  run: Run,
  ports: FixPorts,
  screener: Screener,
  baseline: Baseline,
  passing: readonly Found[],
  watch: Stopwatch,
  record: (event: NewEvent) => void,
): Promise<Chosen | null> {
  const pool: Array<{ found: Found; change: ChangeSet; id: string; evidence: Evidence }> = [];
  for (const found of passing) {
    const parsed = await ports.patches.parse(found.text);
    if (!parsed.ok) continue;
    const behaviour = await screener.behaviour(parsed.change, run.signal);
    pool.push({ found, change: parsed.change, id: String(found.rank), evidence: screened(baseline, behaviour) });
  }
  const order = select(pool.map(({ id, evidence, found }) => ({ id, evidence, text: found.text })));
  let refused = 0;
  for (const { id, why } of order.ranking) {
    run.signal.throwIfAborted();
    const { found, change } = pool.find((one) => one.id === id)!;
    const after = found.after ?? (await confirmedNow(found, change));
    if (after) {
      record(selectionMade(order, pool, found));
      return { found, after, why, compared: pool.length, refused };
    }
  }
  record(selectionMade(order, pool, null));
  return null;

  /** Runs the user's command where there is time for it; one that was confirmed earlier is still in the order. */
  async function confirmedNow(found: Found, change: ChangeSet): Promise<Counts | null> {
    if (watch.remainingMs < baseline.ms) return null;
    const options = { signal: run.signal, timeLimitMs: trialLimitMs(baseline, watch) };
    const evidence = await ports.verifier.verify(change, baseline, options);
    record(verified(found, evidence));
    if (evidence.status === 'passed') return evidence.counts;
    refused++;
    return null;
  }
}

/** What screening showed: every target passes and nothing seen breaks. Enough to order by, confirmed before it wins. */
function screened(baseline: Baseline, behaviour: readonly string[] | null): Evidence {
  return {
    basis: 'observed',
    applies: true,
    protectedFiles: [],
    executed: baseline.failing.length + baseline.passing.length,
    broken: [],
    fixed: baseline.failing,
    targets: baseline.failing,
    newLintProblems: null,
    behaviour: behaviour === null ? null : JSON.stringify(behaviour),
    status: 'passed',
    ms: null,
  };
}
