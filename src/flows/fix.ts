import type { Baseline, TestResult } from '../domain/evidence.ts';
import type { Attempt, RepairBrief, Run, Screener, Suspect } from '../domain/ports.ts';
import type { Chosen } from './choose.ts';
import { choose } from './choose.ts';
import type { FixOutcome, FixPorts, FixRequest, Hypothesis, Source } from './fix-contract.ts';
import { Report } from './fix-report.ts';
import { describe } from './fix-words.ts';
import { improve } from './improve.ts';
import type { Found } from './search.ts';
import { search } from './search.ts';
import { Stopwatch } from './stopwatch.ts';

/** Share of the time limit kept for choosing, shrinking and the last run. */
const RESERVE = 0.06;
const MAX_HYPOTHESES = 5;
const MAX_ATTEMPTS = 5;
const MAX_FAILURES = 200;

interface Facts {
  readonly sources: readonly Source[];
  readonly suspects: readonly Suspect[];
  readonly covered: boolean;
}

/** What every part of one fix run works with. */
interface Work {
  readonly run: Run;
  readonly ports: FixPorts;
  readonly request: FixRequest;
  readonly watch: Stopwatch;
  readonly baseline: Baseline;
  readonly failures: readonly TestResult[];
}

/**
 * From a failing test command to a minimal patch that passes it, through the five stages. The user's tree is
 * only read. Rejects with a `MaestroError` when the tests cannot be run, and when the run is cancelled.
 */
export async function fix(run: Run, ports: FixPorts, request: FixRequest): Promise<FixOutcome> {
  const watch = new Stopwatch(ports.clock, request.timeLimitMs);
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

async function observe(
  run: Run,
  ports: FixPorts,
  watch: Stopwatch,
): Promise<{ baseline: Baseline; failures: TestResult[] }> {
  const { value } = await watch.step(run, 'analyze.baseline', async (record) => {
    const { runs, ...seen } = await ports.observeBaseline({ signal: run.signal, timeLimitMs: watch.remainingMs });
    const failing = new Set(seen.failing);
    const failures = (runs[0]?.tests ?? []).filter((test) => failing.has(test.id)).slice(0, MAX_FAILURES);
    record({
      type: 'baseline_observed',
      payload: {
        format: seen.format,
        failing: failing.size,
        passing: seen.passing.length,
        flaky: seen.flaky.length,
        ms: seen.ms,
      },
    });
    return { baseline: { ...seen, runs: [] }, failures };
  });
  return value;
}

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

/** implement, then debug: what nearly worked goes back to the advisors, until one is confirmed or nothing new comes. */
async function iterate(work: Work, screener: Screener, facts: Facts, report: Report): Promise<Chosen | null> {
  const { run, ports, request, watch, baseline, failures } = work;
  const reserveMs = request.timeLimitMs * RESERVE;
  let partial: readonly Found[] = [];
  for (let iteration = 1; iteration <= 1 + request.maxIterations; iteration++) {
    await report.enter(iteration === 1 ? 'implement' : 'debug', describe.iteration(iteration, request.maxIterations));
    const { sources, suspects } = facts;
    const brief: RepairBrief = {
      task: request.task,
      sources,
      suspects,
      failures,
      iteration,
      attempts: await attempts(ports, partial),
    };
    const limits = { iteration, maxCandidates: request.maxCandidates - report.tried, reserveMs };
    const result = await search(run, ports, screener, baseline, brief, limits, watch);
    report.tried += result.tried;
    const chosen = result.passing.length === 0 ? null : await chosenOf(work, screener, iteration, result.passing);
    await report.leave(
      chosen ? 'done' : 'gave_up',
      chosen ? describe.chosen(chosen) : describe.search(result, screener.targets),
    );
    if (chosen) return chosen;
    partial = [...result.partial, ...partial].slice(0, MAX_ATTEMPTS);
    if (result.taken === 0 || report.tried >= request.maxCandidates || watch.remainingMs <= reserveMs) return null;
  }
  return null;
}

async function chosenOf(
  { run, ports, watch, baseline }: Work,
  screener: Screener,
  iteration: number,
  passing: readonly Found[],
): Promise<Chosen | null> {
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
