import type { Candidate, ReportedResults } from '../domain/candidate.ts';
import type { ChangeSet } from '../domain/change.ts';
import { changeKey, changeSet } from '../domain/change.ts';
import type { Baseline, CheckRun, Evidence } from '../domain/evidence.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { CheckOptions, Run, Verifier } from '../domain/ports.ts';
import { reportedEvidence } from '../domain/reported-evidence.ts';
import type { Selection, SelectionCandidate } from '../domain/selection.ts';
import type { SelectorDefinition } from '../domain/selector.ts';
import { baselineObserved, candidateVerified } from './evidence-facts.ts';
import { selectionMade } from './select-facts.ts';

export interface SelectRequest {
  readonly candidates: readonly Candidate[];
  /** Results that someone else observed; used for candidates that cannot be run here. */
  readonly results: ReportedResults | null;
  /** For each run of a command, in ms. */
  readonly timeLimitMs: number;
}

export interface SelectPorts {
  readonly selector: SelectorDefinition;
  /** The change that a text's unified diff stands for, or why there is none. */
  readonly parse: (text: string) => Promise<{ ok: true; change: ChangeSet } | { ok: false; problem: string }>;
  /** Why a path may not be changed, or `null`. */
  readonly refusal: (path: string) => string | null;
  /** `null` without a test command: then only reported results count. */
  readonly tests: {
    readonly verifier: Pick<Verifier, 'verify'>;
    readonly observeBaseline: (options: CheckOptions) => Promise<Baseline>;
  } | null;
  /** Runs the probe command with a change applied; `null` without one. */
  readonly probe: ((change: ChangeSet, options: CheckOptions) => Promise<CheckRun>) | null;
  /** How many commands may run at once. */
  readonly width: number;
}

/** A candidate with its change, as far as it holds one, and what is known about it so far. */
interface Entry {
  readonly candidate: Candidate;
  readonly change: ChangeSet | null;
  readonly evidence: Evidence;
}

/**
 * Chooses among candidates by evidence: what can be run here is judged by what was run, the rest by what was reported. The user's
 * tree is only read. Rejects when the tests cannot be run on the unchanged tree, and when the run is cancelled.
 */
export async function selectFlow(run: Run, ports: SelectPorts, request: SelectRequest): Promise<Selection> {
  const parsed = await Promise.all(request.candidates.map((candidate) => parse(candidate, ports)));
  const reported = withReports(parsed, request.results);
  const observed = await verifyEach(run, ports, request, reported);
  const probed = await probeEach(run, ports, request, observed);
  return choose(run, ports, probed);
}

async function parse(candidate: Candidate, ports: SelectPorts): Promise<Entry> {
  const read = candidate.files
    ? fromFiles(candidate.files, ports)
    : await ports.parse(candidate.patch ?? candidate.text ?? '');
  if (read.ok && read.change.length > 0) return { candidate, change: read.change, evidence: NOTHING_KNOWN };
  const problem = read.ok ? 'it changes no file' : read.problem;
  const isProse = candidate.files === undefined && candidate.patch === undefined;
  const evidence: Evidence = isProse
    ? { ...NOTHING_KNOWN, problem: `its text holds no change to run (${problem})` }
    : { ...NOTHING_KNOWN, basis: 'observed', applies: false, problem };
  return { candidate, change: null, evidence };
}

function fromFiles(
  files: NonNullable<Candidate['files']>,
  ports: SelectPorts,
): Awaited<ReturnType<SelectPorts['parse']>> {
  for (const path of Object.keys(files)) {
    const reason = ports.refusal(path);
    if (reason) return { ok: false, problem: `${JSON.stringify(path)} ${reason}` };
  }
  return { ok: true, change: changeSet(Object.entries(files).map(([path, content]) => ({ path, content }))) };
}

function withReports(entries: readonly Entry[], results: ReportedResults | null): readonly Entry[] {
  const reported = results ? reportedEvidence(results) : new Map<string, Evidence>();
  return entries.map((entry) => {
    const evidence = reported.get(entry.candidate.id);
    return evidence && entry.evidence.applies !== false ? { ...entry, evidence } : entry;
  });
}

/** Runs the tests on the unchanged tree, then with each change applied; records what is known about every candidate. */
async function verifyEach(
  run: Run,
  { tests, width }: SelectPorts,
  { timeLimitMs }: SelectRequest,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const options = { signal: run.signal, timeLimitMs };
  const canRun = tests !== null && entries.some(({ change }) => change !== null);
  const baseline = canRun ? await observe(run, tests, options) : null;
  const verify = oncePerChange(async (change): Promise<Evidence> => {
    const { counts, failures, ...evidence } = await tests!.verifier.verify(change, baseline!, options);
    return evidence;
  });
  return inParallel(entries, width, async (entry) => {
    const evidence = await run.step(`candidate.${entry.candidate.id}`, async (record) => {
      const seen = baseline && entry.change ? await verify(entry.change) : entry.evidence;
      run.signal.throwIfAborted();
      const { id, provider = null } = entry.candidate;
      record(candidateVerified({ candidate: id, provider }, seen));
      return seen;
    });
    return { ...entry, evidence };
  });
}

function observe(run: Run, tests: NonNullable<SelectPorts['tests']>, options: CheckOptions): Promise<Baseline> {
  return run.step('baseline', async (record) => {
    const baseline = await tests.observeBaseline(options);
    run.signal.throwIfAborted();
    record(baselineObserved(baseline));
    return { ...baseline, runs: [] };
  });
}

/** Lets the probe command tell apart those that pass, where there are several. */
async function probeEach(
  run: Run,
  { probe, selector, width }: SelectPorts,
  { timeLimitMs }: SelectRequest,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const passing = new Set(
    selector
      .select(entries.map(toSelect))
      .ranking.filter(({ eligible }) => eligible)
      .map(({ id }) => id),
  );
  if (!probe || passing.size < 2) return entries;
  const ask = oncePerChange((change) => probe(change, { signal: run.signal, timeLimitMs }));
  return inParallel(entries, width, async (entry) => {
    const { candidate, change, evidence } = entry;
    if (!change || !passing.has(candidate.id)) return entry;
    const behaviour = await run.step(`probe.${candidate.id}`, async () => {
      const seen = await ask(change);
      run.signal.throwIfAborted();
      return behaviourOf(seen, evidence);
    });
    return { ...entry, evidence: { ...evidence, behaviour } };
  });
}

/** How the probe ended and each line it printed, beside what was known before; `null` when it could not be run. */
function behaviourOf({ status, exitCode, output }: CheckRun, { behaviour }: Evidence): string | null {
  if (status === 'not_started' && exitCode === null) return behaviour;
  const known = behaviour === null ? [] : [behaviour];
  return JSON.stringify([...known, exitCode === null ? status : `exit ${exitCode}`, ...output.split('\n')]);
}

function choose(run: Run, { selector }: SelectPorts, entries: readonly Entry[]): Promise<Selection> {
  return run.step('select', async (record) => {
    const selection = selector.select(entries.map(toSelect));
    record(selectionMade(selector.mode, entries, selection));
    return selection;
  });
}

function toSelect({ candidate, change, evidence }: Entry): SelectionCandidate {
  const text = change ? change.map(({ path, content }) => `${path}\n${content ?? ''}`).join('\n') : candidate.text;
  return { id: candidate.id, evidence, ...(text === undefined ? {} : { text }) };
}

/** Candidates that propose the same change share one run of it. */
function oncePerChange<R>(work: (change: ChangeSet) => Promise<R>): (change: ChangeSet) => Promise<R> {
  const underWay = new Map<string, Promise<R>>();
  return (change) => {
    const key = changeKey(change);
    const result = underWay.get(key) ?? work(change);
    underWay.set(key, result);
    return result;
  };
}

const NOTHING_KNOWN: Evidence = {
  basis: 'none',
  applies: null,
  protectedFiles: [],
  executed: null,
  broken: null,
  fixed: null,
  targets: null,
  newLintProblems: null,
  behaviour: null,
  status: null,
  ms: null,
};
