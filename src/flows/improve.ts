import type { ChangeSet } from '../domain/change.ts';
import type { Baseline, Counts } from '../domain/evidence.ts';
import type { NewEvent, Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import type { Chosen } from './choose.ts';
import type { FixPorts } from './fix-contract.ts';
import { shrunk, verified } from './fix-facts.ts';
import { trialLimitMs } from './search.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Improved {
  /** Without secrets. */
  readonly patch: string;
  readonly files: readonly string[];
  readonly after: Counts;
  readonly hunksDropped: number;
}

/**
 * Drops every hunk that the tests do not need, one at a time, then runs everything once more on what is left; when time is up,
 * the candidate stays as it was confirmed. `null` when that last run does not pass: then nothing is handed over.
 */
export async function improve(
  run: Run,
  ports: FixPorts,
  baseline: Baseline,
  { found, after }: Chosen,
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
  const { text: patch } = redact(await ports.patches.render(change));
  const whole = { patch, files: change.map(({ path }) => path), hunksDropped };
  if (hunksDropped === 0 && watch.remainingMs < baseline.ms) return { ...whole, after };
  const last = await verify(change);
  record(verified(found, last));
  if (last.status !== 'passed' || !last.counts) return null;
  return { ...whole, after: last.counts };

  async function firstPassing(): Promise<ChangeSet | null> {
    for (const smaller of await ports.patches.withoutEachHunk(change)) {
      if (watch.remainingMs < 2 * baseline.ms) return null;
      if ((await verify(smaller)).status === 'passed') return smaller;
    }
    return null;
  }
}
