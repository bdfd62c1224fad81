import type { Baseline, TestResult } from '../domain/evidence.ts';
import type { Run, Screener, Suspect } from '../domain/ports.ts';
import type { Facts, FixOutcome, FixPorts, FixRequest, Hypothesis, Source, Work } from './fix-contract.ts';
import { finished } from './fix-facts.ts';
import { Report } from './fix-report.ts';
import { describe } from './fix-words.ts';
import { improve } from './improve.ts';
import { iterate } from './iterate.ts';
import { Stopwatch } from './stopwatch.ts';

const MAX_HYPOTHESES = 5;
const MAX_FAILURES = 200;

/**
 * From a failing test command to a minimal patch that passes it, through the five stages. The user's tree is
 * only read. Rejects with a `MaestroError` when the tests cannot be run, and when the run is cancelled.
 */
export async function fix(run: Run, ports: FixPorts, request: FixRequest): Promise<FixOutcome> {
  const watch = new Stopwatch(ports.clock, request.timeLimitMs);
  const outcome = await throughTheStages(run, ports, request, watch);
  await watch.step(run, 'finish', async (record) => record(finished(outcome, watch.spentMs)) ?? null);
  return outcome;
}

async function throughTheStages(run: Run, ports: FixPorts, request: FixRequest, watch: Stopwatch): Promise<FixOutcome> {
  const report = new Report(run, ports, watch);

  await report.enter('analyze', 'running the tests as they are');
  const { baseline, failures } = await observe(run, ports, watch);
  report.baseline = baseline;
  if (baseline.failing.length === 0) {
    await report.leave('done', describe.baseline(baseline));
    return report.alreadyPassing();
  }
  const work: Work = { run, ports, request, watch, baseline, failures };
  const screener = await ports.openScreener(baseline);
  try {
    const facts = await gatherFacts(work, screener);
    await report.leave('done', describe.baseline(baseline));

    await report.enter('hypothesize', 'ranking suspicious places');
    report.hypotheses = hypothesize(facts.suspects, baseline);
    await report.leave('done', describe.hypotheses(report.hypotheses, facts.covered));

    const chosen = await iterate(work, screener, facts, report);
    if (!chosen) return report.notFixed(describe.notFound(facts.sources.length, report.tried));

    await report.enter('improve', 'shrinking the patch and running everything again');
    const { value: improved } = await watch.step(run, 'improve', (record) =>
      improve(run, ports, baseline, chosen.found, watch, record),
    );
    await report.leave(improved ? 'done' : 'gave_up', describe.improved(improved));
    return improved ? report.fixed(chosen, improved) : report.notFixed(describe.improved(null));
  } finally {
    await screener.close();
  }
}

/** The unchanged tree: which tests fail, with what they printed. */
async function observe(
  run: Run,
  ports: FixPorts,
  watch: Stopwatch,
): Promise<{ baseline: Baseline; failures: TestResult[] }> {
  const { value } = await watch.step(run, 'analyze.baseline', async (record) => {
    const { runs, ...seen } = await ports.observeBaseline({ signal: run.signal, timeLimitMs: watch.remainingMs });
    const failing = new Set(seen.failing);
    const failures = (runs[0]?.tests ?? []).filter((test) => failing.has(test.id)).slice(0, MAX_FAILURES);
    const { format, passing, flaky, ms } = seen;
    record({
      type: 'baseline_observed',
      payload: { format, failing: failing.size, passing: passing.length, flaky: flaky.length, ms },
    });
    return { baseline: { ...seen, runs: [] }, failures };
  });
  return value;
}

/** What may be edited, and where the fault is likely to be. */
async function gatherFacts({ run, ports, watch, failures }: Work, screener: Screener): Promise<Facts> {
  const { value } = await watch.step(run, 'analyze.facts', async () => {
    const coverage = await screener.coverage(run.signal);
    const editable = await ports.localizer.editable(failures, coverage);
    const suspects = ports.localizer.suspects(failures, coverage, editable);
    return { paths: editable.map(({ path }) => path), suspects, covered: coverage !== null };
  });
  const sources: Source[] = [];
  for (const path of value.paths) {
    const text = await ports.verifier.snapshot.read(path);
    if (text !== null) sources.push({ path, text });
  }
  return { sources, suspects: value.suspects, covered: value.covered };
}

/** The most suspicious places as claims, each with the failing test that would show it. */
function hypothesize(suspects: readonly Suspect[], baseline: Baseline): Hypothesis[] {
  return suspects.slice(0, MAX_HYPOTHESES).map((suspect, index) => ({
    id: `h${index + 1}`,
    claim: `the fault is at ${suspect.path}:${suspect.line} (${suspect.why})`,
    verification_test: baseline.failing[0]!,
    confidence: Math.round(suspect.score * 100) / 100,
  }));
}
