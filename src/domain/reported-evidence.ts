import type { ReportedResult, ReportedResults } from './candidate.ts';
import type { Evidence } from './evidence.ts';

/** What reported test results show about each candidate they name, by its id. What they leave out stays unknown. */
export function reportedEvidence(report: ReportedResults): ReadonlyMap<string, Evidence> {
  const targets = report.baseline?.failed ?? namedIn(report.results);
  return new Map(report.results.map((result) => [result.id, evidenceOf(result, targets, report.baseline?.passed)]));
}

function evidenceOf(
  result: ReportedResult,
  targets: readonly string[],
  passedBefore: readonly string[] | undefined,
): Evidence {
  const { passed, failed } = result;
  const executed = passed.length + failed.length;
  return {
    basis: 'reported',
    applies: result.applies ?? (executed > 0 ? true : null),
    protectedFiles: [],
    executed,
    broken: brokenBy(result, passedBefore),
    fixed: targets.filter((target) => passed.includes(target)),
    targets,
    newLintProblems: result.lint_problems ?? null,
    behaviour: result.behaviour ? JSON.stringify(result.behaviour) : null,
    status: null,
    ms: null,
  };
}

/**
 * Tests known to be broken. Nothing broken can only be said when every test that passed before is named, or when
 * it is not known which did and none fails.
 */
function brokenBy(
  { passed, failed }: ReportedResult,
  passedBefore: readonly string[] | undefined,
): readonly string[] | null {
  if (!passedBefore) return failed.length === 0 ? [] : null;
  const broken = passedBefore.filter((test) => failed.includes(test));
  const named = new Set([...passed, ...failed]);
  return broken.length > 0 || passedBefore.every((test) => named.has(test)) ? broken : null;
}

function namedIn(results: readonly ReportedResult[]): string[] {
  return [...new Set(results.flatMap(({ passed, failed }) => [...passed, ...failed]))];
}
