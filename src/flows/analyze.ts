import type { Baseline, TestCoverage, TestResult } from '../domain/evidence.ts';
import type { Run, Screener } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { baselineObserved } from './evidence-facts.ts';
import type { Facts, FixPorts, Source } from './fix-contract.ts';
import type { Stopwatch } from './stopwatch.ts';

const MAX_FAILURES = 200;

interface Observed {
  readonly baseline: Baseline;
  readonly failures: readonly TestResult[];
}

/** The facts before any guess: which tests fail, and where they lead. The screener is open; it is the caller's to close. */
export type Analysis = Observed &
  (
    | { readonly kind: 'nothing fails' }
    | { readonly kind: 'failing'; readonly screener: Screener; readonly facts: Facts }
  );

/**
 * Runs the unchanged tree, opens a screener for it and gathers facts. A command that does not end is taken for a failure only
 * where the screener can tell which test does not end and sees it in a file that may be edited; else it is waited for
 * until time is up. Rejects when the tests cannot be run.
 */
export async function analyze(run: Run, ports: FixPorts, watch: Stopwatch, patienceMs: number): Promise<Analysis> {
  const first = await observe(run, ports, watch, 'analyze.baseline', patienceMs);
  const found = await investigate(run, ports, watch, first, 'analyze.facts');
  if (!first.baseline.endless || isOfTheCode(found)) return found;
  if (found.kind === 'failing') await found.screener.close();
  const patient = await observe(run, ports, watch, 'analyze.patient', watch.remainingMs);
  return investigate(run, ports, watch, patient, 'analyze.patient-facts');
}

function isOfTheCode(found: Analysis): boolean {
  return found.kind === 'failing' && found.screener.kind !== 'command' && found.facts.reached;
}

/** The unchanged tree: which tests fail, with what they printed. */
async function observe(
  run: Run,
  ports: FixPorts,
  watch: Stopwatch,
  name: string,
  patienceMs: number,
): Promise<Observed> {
  const { value } = await watch.step(run, name, async (record) => {
    const options = { signal: run.signal, timeLimitMs: watch.remainingMs };
    const { runs, ...seen } = await ports.observeBaseline(options, patienceMs);
    const failing = new Set(seen.failing);
    const failures = (runs[0]?.tests ?? [])
      .filter((test) => failing.has(test.id))
      .slice(0, MAX_FAILURES)
      .map(withoutSecrets);
    record(baselineObserved(seen));
    return { baseline: { ...seen, runs: [] }, failures };
  });
  return value;
}

/** What tests print may hold anything; it is kept in the ledger and shown to advisors. */
function withoutSecrets(test: TestResult): TestResult {
  return test.message === undefined ? test : { ...test, message: redact(test.message).text };
}

async function investigate(
  run: Run,
  ports: FixPorts,
  watch: Stopwatch,
  observed: Observed,
  name: string,
): Promise<Analysis> {
  if (observed.baseline.failing.length === 0) return { ...observed, kind: 'nothing fails' };
  const screener = await ports.openScreener(observed.baseline);
  try {
    return {
      ...observed,
      kind: 'failing',
      screener,
      facts: await gatherFacts(run, ports, watch, screener, observed, name),
    };
  } catch (error) {
    await screener.close();
    throw error;
  }
}

/** What may be edited, and where the fault is likely to be. */
async function gatherFacts(
  run: Run,
  ports: FixPorts,
  watch: Stopwatch,
  screener: Screener,
  { failures }: Observed,
  name: string,
): Promise<Facts> {
  const { value } = await watch.step(run, name, async () => {
    const coverage = await screener.coverage(run.signal);
    const editable = await ports.localizer.editable(failures, coverage);
    const suspects = ports.localizer.suspects(failures, coverage, editable);
    const paths = editable.map(({ path }) => path);
    return { paths, suspects, covered: coverage !== null, reached: reaches(coverage ?? [], paths) };
  });
  const { paths, ...found } = value;
  const sources: Source[] = [];
  for (const path of paths) {
    const text = await ports.verifier.snapshot.read(path);
    if (text !== null) sources.push({ path, text });
  }
  return { sources, ...found };
}

function reaches(coverage: readonly TestCoverage[], paths: readonly string[]): boolean {
  const executed = coverage.filter(({ outcome }) => outcome === 'failed').flatMap(({ lines }) => Object.keys(lines));
  return executed.some((path) => paths.includes(path));
}
