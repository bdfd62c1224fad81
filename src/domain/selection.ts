import { behaviouralAgreement, textualAgreement } from './agreement.ts';
import type { Evidence } from './evidence.ts';

/** One answer to choose from, with what is known about it. `text` is its patch or answer, compared only with other texts. */
export interface SelectionCandidate {
  readonly id: string;
  readonly evidence: Evidence;
  readonly text?: string;
}

interface RankedCandidate {
  readonly id: string;
  /** From 1, without gaps or ties. */
  readonly rank: number;
  /** Whether the evidence shows in full that it applies, breaks nothing and fixes every target. */
  readonly eligible: boolean;
  readonly evidence: Evidence;
  /** One line: what is known about it, and what put it behind the one before it. */
  readonly why: string;
}

export interface Selection {
  readonly winner: string | null;
  /** The best of those that did not pass, when none did and something is known about it. */
  readonly closest: string | null;
  readonly why: string;
  readonly ranking: readonly RankedCandidate[];
  /** What to do now, in one line. */
  readonly next: string;
}

/** A candidate's place by each criterion, less is better; the first difference decides. */
interface Standing {
  readonly candidate: SelectionCandidate;
  readonly keys: readonly number[];
}

/** Criteria that a winner must meet in full: each maps evidence to 0 (met) or to how far it is from that. */
const REQUIRED: ReadonlyArray<(evidence: Evidence) => number> = [applying, breaking, unfixed];

/** Said of a candidate that lost by the key of the same position to the one before it. */
const BEHIND = [
  'it does not apply as cleanly',
  'it breaks more, or less is known of what it breaks',
  'it fixes a smaller share of the target tests',
  'it adds more lint or type problems, or was not checked for them',
  'fewer others behave like it',
  'its behaviour is further from what the others do',
  'fewer others have the same text',
  'it came later',
];

/**
 * Orders candidates by evidence, lexicographically: applies, breaks nothing, fixes the targets, lint, agreement in behaviour, agreement in
 * text, earlier. A winner meets the first three in full, else there is none. Ids must be unique; size never counts.
 */
export function select(candidates: readonly SelectionCandidate[]): Selection {
  const ranking = rank(candidates);
  const first = ranking[0];
  if (first?.eligible) return { winner: first.id, closest: null, ranking, ...praise(first, ranking) };
  const closest = first && first.evidence.basis !== 'none' ? first.id : null;
  return { winner: null, closest, ranking, ...refusal(first, ranking) };
}

/** How far a hypothesis' verification test got. */
export type Verification = 'reproduces' | 'runs' | 'exists' | 'none';
const VERIFICATIONS: readonly Verification[] = ['reproduces', 'runs', 'exists', 'none'];

/** Hypotheses whose test runs and reproduces the failure first, then those whose test runs, exists, is missing; equals keep their order. */
export function rankHypotheses<T extends { readonly verification: Verification }>(
  hypotheses: readonly T[],
): readonly T[] {
  return hypotheses.toSorted((a, b) => VERIFICATIONS.indexOf(a.verification) - VERIFICATIONS.indexOf(b.verification));
}

function rank(candidates: readonly SelectionCandidate[]): RankedCandidate[] {
  const positions = new Map(candidates.map((candidate, index) => [candidate, index]));
  const equals = Map.groupBy(candidates, ({ evidence }) => REQUIRED.map((criterion) => criterion(evidence)).join());
  return [...equals.values()]
    .flatMap((pool) => standings(pool, positions))
    .sort((a, b) => compare(a.keys, b.keys).difference)
    .map((standing, index, sorted) => describe(standing, index, sorted[index - 1]));
}

/** Agreement is counted among candidates that the required criteria leave equal, so one that fails cannot sway those that pass. */
function standings(
  pool: readonly SelectionCandidate[],
  positions: ReadonlyMap<SelectionCandidate, number>,
): readonly Standing[] {
  const behaviours = behaviouralAgreement(pool.map(({ evidence }) => evidence));
  const texts = textualAgreement(pool.map(({ text }) => text));
  return pool.map((candidate, index) => ({
    candidate,
    keys: [
      ...REQUIRED.map((criterion) => criterion(candidate.evidence)),
      candidate.evidence.newLintProblems ?? Number.POSITIVE_INFINITY,
      behaviours[index]!.size,
      behaviours[index]!.distance,
      texts[index]!,
      positions.get(candidate)!,
    ],
  }));
}

function compare(a: readonly number[], b: readonly number[]): { readonly difference: number; readonly by: number } {
  const by = a.findIndex((key, index) => key !== b[index]);
  return { difference: by < 0 ? 0 : a[by]! < b[by]! ? -1 : 1, by };
}

function applying({ applies, protectedFiles }: Evidence): number {
  if (applies === null) return 2;
  if (!applies) return 3;
  return protectedFiles.length > 0 ? 1 : 0;
}

/** A command that fails although every named test is as it should be breaks something without a name. */
function breaking(evidence: Evidence): number {
  if (!ran(evidence) || evidence.broken === null) return Number.POSITIVE_INFINITY;
  return Math.max(evidence.broken.length, failsUnnamed(evidence) ? 1 : 0);
}

function failsUnnamed({ status, broken, fixed, targets }: Evidence): boolean {
  return status === 'failed' && broken?.length === 0 && missing(targets ?? [], fixed ?? []).length === 0;
}

function unfixed({ fixed, targets }: Evidence): number {
  if (fixed === null || targets === null) return Number.POSITIVE_INFINITY;
  return targets.length === 0 ? 0 : missing(targets, fixed).length / targets.length;
}

/** Whether tests were executed to the end; what was reported has no status of its own. */
function ran({ basis, executed, status }: Evidence): boolean {
  return basis !== 'none' && (executed ?? 0) > 0 && (status === 'passed' || status === 'failed' || status === null);
}

function missing(targets: readonly string[], fixed: readonly string[]): string[] {
  const present = new Set(fixed);
  return targets.filter((target) => !present.has(target));
}

function describe({ candidate, keys }: Standing, index: number, ahead: Standing | undefined): RankedCandidate {
  const { id, evidence } = candidate;
  const eligible = REQUIRED.every((_, key) => keys[key] === 0);
  const place = ahead ? `; behind ${quote(ahead.candidate.id)}: ${BEHIND[compare(keys, ahead.keys).by]}` : '';
  return { id, rank: index + 1, eligible, evidence, why: `${eligible ? merit(evidence) : fault(evidence)}${place}` };
}

function merit({ basis, executed, targets, level }: Evidence): string {
  if (level !== undefined) {
    const before = targets!.length === 0 ? 'as it did before' : 'and failed before';
    return `passes: the command ends with 0, ${before} (${basis}, by its exit status alone: no test was recognised)`;
  }
  const fixes = targets!.length === 0 ? 'no test failed before' : `fixes all ${count(targets!.length, 'target test')}`;
  return `passes: ${fixes}, breaks none of ${executed} executed (${basis})`;
}

/** The first required criterion that is not met, in words. */
function fault(evidence: Evidence): string {
  const { basis, applies, problem, protectedFiles, broken, fixed, targets } = evidence;
  const because = problem === undefined ? '' : `: ${oneLine(problem)}`;
  if (basis === 'none') return `no evidence${because || ': nothing was run or reported'}`;
  if (applies === false) return `does not apply${because}`;
  if (protectedFiles.length > 0) return `touches protected files: ${list(protectedFiles)}`;
  if (applies === null) return `it is not known whether it applies${because}`;
  if (!ran(evidence)) return `${unfinished(evidence)}${because}`;
  if (broken === null && targets && fixed && missing(targets, fixed).length > 0) return shortfall(targets, fixed);
  if (broken === null) return 'it is not known which tests it breaks';
  if (failsUnnamed(evidence)) return 'the test command fails although every test it names is as it should be';
  if (broken.length > 0) return `breaks ${count(broken.length, 'test')} that passed: ${list(broken)}`;
  return targets && fixed ? shortfall(targets, fixed) : 'it is not known which target tests it fixes';
}

function unfinished({ status, executed }: Evidence): string {
  if (status === 'timed_out') return 'the tests did not end in time';
  if (status === 'cancelled') return 'the tests were stopped before they ended';
  if (status === 'not_started') return 'the tests could not start';
  return executed === 0 ? 'no test was executed' : 'it is not known whether any test was executed';
}

function shortfall(targets: readonly string[], fixed: readonly string[]): string {
  const left = missing(targets, fixed);
  return `fixes ${targets.length - left.length} of ${count(targets.length, 'target test')}; not passing: ${list(left)}`;
}

function praise(first: RankedCandidate, ranking: readonly RankedCandidate[]): { why: string; next: string } {
  const passing = ranking.filter(({ eligible }) => eligible).length;
  const rival = ranking[1]?.eligible ? ` Of the rest, ${quote(ranking[1].id)} came next: ${ranking[1].why}.` : '';
  return {
    why: `${quote(first.id)} ${first.why}; ${passing} of ${count(ranking.length, 'candidate')} passed.${rival}`,
    next: saysLittle(first.evidence)
      ? `Read ${quote(first.id)} before relying on it: the command passed before too and names no test. Give one that fails without the change.`
      : first.evidence.basis === 'reported'
        ? `Run the tests on ${quote(first.id)} before relying on it: its results were reported, not observed.`
        : `Apply ${quote(first.id)}.`,
  };
}

/** A command that names no test and passes with and without the change, such as `true`. */
function saysLittle({ level, targets }: Evidence): boolean {
  return level !== undefined && targets?.length === 0;
}

function refusal(
  first: RankedCandidate | undefined,
  ranking: readonly RankedCandidate[],
): { why: string; next: string } {
  if (!first) return { why: 'There is no candidate to choose from.', next: 'Ask for candidates first.' };
  const { basis, applies, executed } = first.evidence;
  if (basis === 'none') {
    const allUnknown = ranking.every(({ evidence }) => evidence.basis === 'none');
    const which = ranking.length === 1 ? 'the candidate' : `any of the ${ranking.length} candidates`;
    return {
      why: allUnknown
        ? `Nothing is known about ${which}: ${first.why}.`
        : `None of ${count(ranking.length, 'candidate')} passed, and of ${quote(first.id)} nothing is known: ${first.why}.`,
      next: 'Give candidates as patches and the test command to run, or the test results you have.',
    };
  }
  const why = `None of ${count(ranking.length, 'candidate')} passed. Closest is ${quote(first.id)}: ${first.why}.`;
  if (applies === false) return { why, next: 'Ask for patches against the files as they are now.' };
  if (first.evidence.protectedFiles.length > 0)
    return { why, next: 'Ask for a patch that leaves the protected files alone.' };
  if (executed === 0) return { why, next: 'Check the test command: it must execute at least one test.' };
  return { why, next: `Ask for new candidates, giving back ${quote(first.id)} and how it failed.` };
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const quote = (id: string): string => `'${oneLine(id)}'`;

/** Names come from candidates and test reports: at most three, on one line, bounded. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(oneLine).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
