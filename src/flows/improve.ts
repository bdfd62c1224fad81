import type { ChangeSet } from '../domain/change.ts';
import type { Baseline, Counts } from '../domain/evidence.ts';
import type { NewEvent, Run } from '../domain/ports.ts';
import type { FixPorts } from './fix-contract.ts';
import { shrunk, verified } from './fix-facts.ts';
import type { Found } from './search.ts';
import { trialLimitMs } from './search.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Improved {
  readonly patch: string;
  readonly change: ChangeSet;
  readonly after: Counts;
  readonly hunksDropped: number;
}

/**
 * Drops every hunk that the tests do not need, one at a time, then runs everything once more on what is left.
 * `null` when that last run does not pass: then nothing is handed over.
 */
export async function improve(
  run: Run,
  ports: FixPorts,
  baseline: Baseline,
  found: Found,
  watch: Stopwatch,
  record: (event: NewEvent) => void,
): Promise<Improved | null> {
  const verify = (change: ChangeSet) =>
    ports.verifier.verify(change, baseline, { signal: run.signal, timeLimitMs: trialLimitMs(baseline, watch) });
  const parsed = await ports.patches.parse(found.text);
  if (!parsed.ok) return null;
  const from = watch.now;
  const hunksBefore = Math.max(1, (await ports.patches.withoutEachHunk(parsed.change)).length);
  let change = parsed.change;
  let hunksDropped = 0;
  for (let smaller = await firstPassing(); smaller; smaller = await firstPassing()) {
    change = smaller;
    hunksDropped++;
  }
  record(shrunk(found, hunksBefore, hunksBefore - hunksDropped, watch.now - from));
  const last = await verify(change);
  record(verified(found, last));
  if (last.status !== 'passed' || !last.counts) return null;
  return { patch: await ports.patches.render(change), change, after: last.counts, hunksDropped };

  async function firstPassing(): Promise<ChangeSet | null> {
    for (const smaller of await ports.patches.withoutEachHunk(change)) {
      if ((await verify(smaller)).status === 'passed') return smaller;
    }
    return null;
  }
}
