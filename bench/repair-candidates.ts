/**
 * Repairs development cases with the advisor and the screener alone: no command line, no selection. Prints the rank of
 * the first plausible candidate and what each rule for choosing among the plausible ones would have got right.
 * `node bench/repair-candidates.ts [--data FILE] [--lang js|python] [--ids a,b] [--limit N] [--seconds 60] [--window 2500] [--all N] --out FOLDER`
 * With `--all N` the first N candidates are screened whatever passes: what `repair-priors.ts` counts.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Attempt, RepairBrief, Screener, Suspect } from '../src/domain/ports.ts';
import { checkEnvironment } from '../src/platform/environment.ts';
import { parsePatch } from '../src/platform/patch.ts';
import { createEmbeddedAdvisor, editableFiles, localize } from '../src/repair/index.ts';
import { observeBaseline } from '../src/verify/baseline.ts';
import { openScreener } from '../src/verify/screen/index.ts';
import { takeSnapshot } from '../src/verify/snapshot.ts';
import { createVerifier } from '../src/verify/verifier.ts';
import { type Case, cases, passes, percentile, type Result, share, type Tried, write } from './repair-cases.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    lang: { type: 'string' },
    ids: { type: 'string' },
    limit: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    window: { type: 'string', default: '2500' },
    all: { type: 'string' },
    out: { type: 'string' },
  },
});
const WIDTH = 8;
const MAX_PASSING = 48;
const LAST_ITERATION = 6;
/** Hidden tests that take longer fail. */
const HIDDEN_MS = 15_000;
/** So many plausible candidates are judged. */
const JUDGED = 16;

const results: Result[] = [];
for (const one of cases(options) ?? []) {
  const file = options.out ? join(options.out, `${one.id}.json`) : null;
  if (file && existsSync(file)) continue;
  const result = await repaired(one).catch((error: unknown): Result => {
    console.log(`${one.id}: ${error instanceof Error ? error.message : error}`);
    return { id: one.id, lang: one.lang, type: one.bug_type, screener: 'none', ms: 0, tried: [] };
  });
  results.push(result);
  if (file) writeFileSync(file, JSON.stringify(result));
  const passing = result.tried.filter((each) => each.verdict === 'pass');
  const first = passing[0];
  const said = first ? `rank ${first.rank} ${first.operator} ${first.correct ? 'correct' : 'WRONG'}` : 'none';
  const right = passing.filter((each) => each.correct).length;
  console.log(
    `${one.id} · ${one.bug_type} · ${result.screener} · ${said} · ${right} of ${passing.length} correct · ${result.tried.length} in ${result.ms} ms`,
  );
}
report(results);

async function repaired(one: Case): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  const signal = new AbortController().signal;
  try {
    const work = join(folder, 'work');
    write(work, one.files);
    const snapshot = await takeSnapshot(work, { signal });
    const verifier = await createVerifier({ snapshot, command: one.test_command });
    const baseline = await observeBaseline(verifier, one.test_command, { signal, timeLimitMs: 60_000 });
    const screener = await openScreener({
      ...{ snapshot, dir: work, command: one.test_command, baseline, concurrency: availableParallelism(), signal },
      confine: (argv) => argv,
      env: checkEnvironment(process.env),
      fallback: async () => ({ verdict: 'fail', fixed: 0, broken: 0 }),
    });
    try {
      const failures = (baseline.runs[0]?.tests ?? []).filter((test) => baseline.failing.includes(test.id));
      const coverage = await screener.coverage(signal);
      const tree = { files: snapshot.files, read: (path: string) => snapshot.read(path), isProtected: () => false };
      const sources = await editableFiles(tree, failures, coverage);
      const suspects: Suspect[] = localize({ coverage, failures, sources });
      const from = performance.now();
      const tried = await search(
        { task: null, sources, failures, suspects, iteration: 1, attempts: [] },
        screener,
        one,
      );
      const ms = Math.round(performance.now() - from);
      for (const each of tried.filter(({ verdict }) => verdict === 'pass').slice(0, JUDGED))
        await judge(one, each, screener, join(folder, 'judge'));
      return { id: one.id, lang: one.lang, type: one.bug_type, screener: screener.kind, ms, tried };
    } finally {
      await screener.close();
      await verifier.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function search(brief: RepairBrief, screener: Screener, one: Case): Promise<Tried[]> {
  const signal = new AbortController().signal;
  const tried: Tried[] = [];
  const seen = new Set<string>();
  const attempts: Attempt[] = [];
  const from = performance.now();
  let firstAt: number | null = null;
  let passing = 0;
  const most = options.all ? Number(options.all) : Number.POSITIVE_INFINITY;
  const over = () =>
    performance.now() - from > Number(options.seconds) * 1000 ||
    tried.length >= most ||
    (!options.all &&
      (passing >= MAX_PASSING || (firstAt !== null && performance.now() - firstAt > Number(options.window))));
  let rank = 0;
  for (let iteration = 1; iteration <= LAST_ITERATION && !over() && (iteration === 1 || passing === 0); iteration++) {
    const underWay = new Set<Promise<void>>();
    const before = rank;
    for await (const proposal of createEmbeddedAdvisor().propose(
      { ...brief, iteration, attempts: [...attempts] },
      signal,
    )) {
      if (over()) break;
      const parsed = parsePatch(proposal.text, (path) => one.files[path] ?? null);
      if (!parsed.ok || seen.has(JSON.stringify(parsed.change))) continue;
      seen.add(JSON.stringify(parsed.change));
      if (underWay.size >= WIDTH) await Promise.race(underWay);
      const own = ++rank;
      const trial: Promise<void> = screener.screen(parsed.change, signal).then(({ verdict, fixed, broken }) => {
        underWay.delete(trial);
        const ms = Math.round(performance.now() - from);
        const pass = verdict === 'pass';
        tried.push({
          rank: own,
          operator: proposal.operator ?? '',
          iteration,
          verdict,
          fixed,
          broken,
          ms,
          ...(pass ? { text: proposal.text } : {}),
        });
        if (pass) passing++;
        if (pass && firstAt === null) firstAt = performance.now();
        if (!pass && fixed > 0 && broken === 0) attempts.push({ change: parsed.change, fixed, broken, failures: [] });
      });
      underWay.add(trial);
    }
    await Promise.all(underWay);
    attempts.sort((a, b) => b.fixed - a.fixed).splice(5);
    if (rank === before) break;
  }
  return tried.sort((a, b) => a.rank - b.rank);
}

async function judge(one: Case, each: Tried, screener: Screener, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  write(folder, { ...one.files, ...one.hidden });
  const parsed = parsePatch(each.text!, (path) => one.files[path] ?? null);
  if (!parsed.ok) return;
  write(folder, Object.fromEntries(parsed.change.map(({ path, content }) => [path, content ?? ''])));
  each.correct = await passes(folder, one.hidden_command, HIDDEN_MS);
  each.behaviour = await screener.behaviour(parsed.change, new AbortController().signal).catch(() => null);
}

function report(all: readonly Result[]): void {
  for (const [lang, group] of Map.groupBy(all, (each) => each.lang)) {
    const firsts = group.map((each) => each.tried.find(({ verdict }) => verdict === 'pass') ?? null);
    const ranks = firsts.flatMap((first) => (first ? [first.rank] : []));
    const rates = group.map((each) => (1000 * each.tried.length) / Math.max(1, each.ms));
    console.log(
      `\n${lang}: plausible ${share(firsts, (first) => first !== null)} · first one correct ${share(firsts, (first) => first?.correct === true)}`,
    );
    console.log(`  any correct ${share(group, (each) => each.tried.some(({ correct }) => correct))}`);
    console.log(
      `  rank median ${percentile(ranks, 50)} · 75 % ${percentile(ranks, 75)} · 90 % ${percentile(ranks, 90)} · most ${percentile(ranks, 100)} · ${percentile(rates, 50)} candidates a second`,
    );
  }
}
