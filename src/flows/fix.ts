import type { Baseline } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Run, Suspect } from '../domain/ports.ts';
import { analyze } from './analyze.ts';
import { Consultation } from './consultation.ts';
import type { Facts, FixOutcome, FixPorts, FixRequest, Work } from './fix-contract.ts';
import { finished } from './fix-facts.ts';
import { Report } from './fix-report.ts';
import { describe } from './fix-words.ts';
import { improve } from './improve.ts';
import { iterate } from './iterate.ts';
import { Stopwatch } from './stopwatch.ts';

const MAX_HYPOTHESES = 5;
/** Share of the time limit after which a command counts as endless. */
const PATIENCE = 0.15;

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
  const analysis = await analyze(run, ports, watch, request.timeLimitMs * PATIENCE);
  const { baseline, failures } = analysis;
  report.baseline = baseline;
  await report.leave('done', describe.baseline(baseline));
  if (analysis.kind === 'nothing fails') return report.alreadyPassing();
  const { screener, facts } = analysis;
  const work: Work = { run, ports, request, watch, baseline, failures };
  const consultation = ports.panel && new Consultation(work, facts, ports.panel);
  try {
    await hypothesizing(work, facts, report, consultation);

    const searched = await iterate(work, screener, facts, report, consultation);
    if (searched.chosen === null) {
      const { budget } = searched;
      return report.notFixed(describe.notFound(facts.sources.length, report.tried, budget), budget !== null);
    }
    const { chosen } = searched;

    await report.enter('improve', 'shrinking the patch and running everything again');
    const { value: improved } = await watch.step(run, 'improve', (record) =>
      improve(run, ports, baseline, chosen, watch, record),
    );
    await report.leave(improved ? 'done' : 'gave_up', describe.improved(improved));
    return improved ? report.fixed(chosen, improved) : report.notFixed(describe.improved(null));
  } finally {
    await consultation?.close();
    await screener.close();
  }
}

/** Suspicious places as claims, and before them what the models think, as far as that is known by then. */
async function hypothesizing(
  { ports, baseline }: Work,
  { suspects, covered }: Facts,
  report: Report,
  consultation: Consultation | null,
): Promise<void> {
  const asking = ports.panel ? `asking ${ports.panel.models.join(', ')} and ` : '';
  await report.enter('hypothesize', `${asking}ranking suspicious places`);
  report.hypotheses = hypothesize(suspects, baseline);
  const places = describe.hypotheses(report.hypotheses, covered);
  const thoughts = consultation && (await consultation.hypotheses());
  if (thoughts) report.think(thoughts);
  await report.leave('done', consultation ? `${describe.thoughts(thoughts)}; ${places}` : places);
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
