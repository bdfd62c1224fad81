import { type Candidate, isHypothesis } from '../domain/candidate.ts';
import { changeSet } from '../domain/change.ts';
import type { Baseline, CheckRun, Evidence } from '../domain/evidence.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { CheckOptions, NewEvent, Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { reportedEvidence } from '../domain/reported-evidence.ts';
import type { Selection, SelectionCandidate } from '../domain/selection.ts';
import type { Judgement } from '../domain/selector.ts';
import { baselineObserved, candidateVerified } from './evidence-facts.ts';
import { lintEach } from './lint-each.ts';
import { orderHypotheses } from './order-hypotheses.ts';
import { type Entry, NOTHING_KNOWN, oncePerChange, type SelectPorts, type SelectRequest } from './select-contract.ts';
import { selectionMade } from './select-facts.ts';

/**
 * Chooses among candidates by evidence: what can be run here is judged by what was run, the rest by what was reported. The user's
 * tree is only read. Rejects when the tests cannot be run on the unchanged tree, and when the run is cancelled.
 */
export async function selectFlow(run: Run, ports: SelectPorts, request: SelectRequest): Promise<Selection> {
  if (request.candidates.some(isHypothesis)) return chooseHypothesis(run, ports, request);
  const parsed = await Promise.all(request.candidates.map((candidate) => parse(candidate, ports)));
  const reported = withReports(parsed, request);
  const observed = await verifyEach(run, ports, request, reported);
  const linted = await lintEach(run, ports, request, observed);
  const probed = await probeEach(run, ports, request, linted);
  const judgement = await judgeAmong(run, ports, request, probed);
  return choose(run, ports, probed, judgement);
}

async function chooseHypothesis(
  run: Run,
  { tests, command, files }: SelectPorts,
  request: SelectRequest,
): Promise<Selection> {
  const options = { signal: run.signal, timeLimitMs: request.timeLimitMs };
  const baseline = tests && (await observe(run, tests, options));
  return orderHypotheses(run, request.candidates, { command, baseline, files: await files() });
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

function withReports(entries: readonly Entry[], { results, lintResults }: SelectRequest): readonly Entry[] {
  const reported = results ? reportedEvidence(results) : new Map<string, Evidence>();
  return entries.map((entry) => {
    if (entry.evidence.applies === false) return entry;
    const { id } = entry.candidate;
    const evidence = reported.get(id) ?? entry.evidence;
    const newLintProblems = lintResults.get(id) ?? evidence.newLintProblems;
    const basis = evidence.basis === 'none' && newLintProblems !== null ? 'reported' : evidence.basis;
    return { ...entry, evidence: { ...evidence, newLintProblems, basis } };
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
  if (!baseline) return recordEach(run, entries);
  const verify = oncePerChange(async (change): Promise<Evidence> => {
    const { counts, failures, ...evidence } = await tests!.verifier.verify(change, baseline, options);
    return evidence;
  });
  return inParallel(entries, width, async (entry) => {
    const evidence = await run.step(`candidate.${entry.candidate.id}`, async (record) => {
      const seen = entry.change ? withLint(await verify(entry.change), entry.evidence) : entry.evidence;
      run.signal.throwIfAborted();
      record(factOf({ ...entry, evidence: seen }));
      return seen;
    });
    return { ...entry, evidence };
  });
}

/** What is known without running anything is recorded at once. */
async function recordEach(run: Run, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const known = await run.step('candidates', async (record) => {
    for (const entry of entries) record(factOf(entry));
    return entries.map(({ evidence }) => evidence);
  });
  return entries.map((entry, index) => ({ ...entry, evidence: known[index]! }));
}

function factOf({ candidate: { id, provider }, evidence }: Entry): NewEvent {
  return candidateVerified({ candidate: id, provider: provider ?? null }, evidence);
}

/** What was run here, without secrets, with the lint problems that were reported. */
function withLint(seen: Evidence, { newLintProblems }: Evidence): Evidence {
  const { problem, ...rest } = seen;
  const said = problem === undefined ? {} : { problem: redact(problem).text };
  return { ...rest, ...said, newLintProblems: seen.newLintProblems ?? newLintProblems };
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
  const printed = redact(output).text.split('\n');
  return JSON.stringify([...known, exitCode === null ? status : `exit ${exitCode}`, ...printed]);
}

/** What a judge says where the selector leaves the choice to one; `null` where evidence decides or nobody may be asked. */
async function judgeAmong(
  run: Run,
  { selector, judge }: SelectPorts,
  { task, criteria }: SelectRequest,
  entries: readonly Entry[],
): Promise<Judgement | null> {
  const contenders = new Set(selector.contenders?.(entries.map(toSelect)) ?? []);
  if (!judge || contenders.size === 0) return null;
  const candidates = entries
    .filter(({ candidate }) => contenders.has(candidate.id))
    .map(({ candidate, change }) => ({
      id: candidate.id,
      provider: candidate.provider ?? null,
      text: candidate.patch ?? candidate.text ?? toSelect({ candidate, change, evidence: NOTHING_KNOWN }).text ?? '',
    }));
  return judge(run, { task, criteria, candidates });
}

function choose(
  run: Run,
  { selector }: SelectPorts,
  entries: readonly Entry[],
  judgement: Judgement | null,
): Promise<Selection> {
  return run.step('select', async (record) => {
    const selection = selector.select(entries.map(toSelect), judgement);
    record(selectionMade(selector.mode, entries, selection));
    return selection;
  });
}

function toSelect({ candidate, change, evidence }: Entry): SelectionCandidate {
  const text = change ? change.map(({ path, content }) => `${path}\n${content ?? ''}`).join('\n') : candidate.text;
  return { id: candidate.id, evidence, ...(text === undefined ? {} : { text }) };
}
