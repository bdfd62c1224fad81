import type { FixReport } from '../app/fix.ts';
import { paint, printable } from './io.ts';
import { renderMetrics } from './render-metrics.ts';

/** What came of a fix run, for a person: the verdict, what was learned, the metrics, what to do next. */
export function renderFix(report: FixReport, stream: NodeJS.WriteStream, out: string | undefined): string {
  const lines = [verdict(report, stream), ...learned(report), ...leftOut(report), ...next(report, out)];
  return `\n${lines.join('\n')}\n\n${renderMetrics(report.metrics, stream)}\n`;
}

function verdict(
  { status, after, evidence, winner, files, why, elapsed_ms }: FixReport,
  stream: NodeJS.WriteStream,
): string {
  const seconds = `${(elapsed_ms / 1000).toFixed(1)} s`;
  const isNamed = evidence === 'tests';
  if (status === 'already_passing')
    return isNamed
      ? 'Nothing fails: there is nothing to fix.'
      : 'The command ends with 0: there is nothing to fix. No test was recognised, so that is all that is known.';
  if (status === 'not_fixed') return `${paint(stream, 'yellow', 'Not fixed')} after ${seconds}: ${printable(why)}.`;
  const by = winner?.operator ? `${winner.provider}: ${winner.operator}` : winner?.provider;
  return `${paint(stream, 'green', 'Fixed')} in ${seconds} in ${printable(files.join(', '))} (${by}): ${isNamed ? `${after?.passed} of ${after?.total} tests pass` : 'the command ends with 0 (by its exit status alone: no test was recognised)'}.`;
}

function learned({ status, baseline, evidence, hypotheses }: FixReport): string[] {
  if (status !== 'not_fixed') return [];
  const places = hypotheses.map(({ claim, confidence }) => `    ${printable(claim)}, suspicion ${confidence}`);
  return [
    evidence === 'tests'
      ? `  ${baseline.failed} of ${baseline.total} tests fail.`
      : '  The command fails; no test was recognised in what it prints.',
    ...(places.length > 0 ? ['  Where to look first:', ...places] : []),
  ];
}

function leftOut({ advisors_left_out = [] }: FixReport): string[] {
  return advisors_left_out.map(({ provider, why }) => `  Not asked: ${printable(provider)} (${why}).`);
}

function next(report: FixReport, out: string | undefined): string[] {
  const { status, applied, left_unapplied, run_id, ended_by_budget } = report;
  if (status === 'not_fixed' && ended_by_budget)
    return [
      '  More time will not help. A higher limit, another task (--task) or another test command is a new search.',
    ];
  if (status === 'not_fixed')
    return ['  More time (--time-limit) or another advisor (--providers) may find it. What was seen: maestro metrics'];
  if (status !== 'fixed') return [];
  if (applied) return ['  The patch is applied to the working tree.'];
  if (left_unapplied)
    return [
      `  Not applied: ${printable(left_unapplied)}. The patch is ${out ? `in ${out}` : 'below'}; git apply tells what no longer fits.`,
    ];
  return [
    out
      ? `  The patch is in ${out}; apply it with: git apply ${out}`
      : `  Verified in isolation, run ${run_id}; your files are as they were. Apply it with --apply, or pipe it into: git apply`,
  ];
}
