/**
 * Repairs development cases through the real command line and judges the patches by hand: applied to a clean copy,
 * tests run there. `npm run bench:repair -- [--data FILE] [--lang js|python] [--ids a,b] [--limit N] [--time-limit 60s] [--out FILE]`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Case, cases, passes, percentile, share, write } from './repair-cases.ts';

const JUDGE_MS = 60_000;
const MAESTRO = fileURLToPath(new URL('../bin/maestro.mjs', import.meta.url));

interface Fixed {
  readonly status: string;
  readonly patch: string | null;
  readonly candidates_tried: number;
  readonly winner: { readonly operator?: string; readonly rank: number } | null;
  readonly elapsed_ms: number;
}

interface Judged {
  readonly id: string;
  readonly lang: string;
  readonly type: string;
  readonly status: string;
  readonly plausible: boolean;
  readonly correct: boolean;
  readonly falseClaim: boolean;
  readonly operator: string | null;
  readonly rank: number | null;
  readonly tried: number;
  readonly ms: number;
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    lang: { type: 'string' },
    ids: { type: 'string' },
    limit: { type: 'string' },
    'time-limit': { type: 'string', default: '60s' },
    out: { type: 'string' },
  },
});

const chosen = cases(options);
if (chosen === null) process.exit(0);
const judged: Judged[] = [];
for (const one of chosen) {
  const result = await judge(one);
  judged.push(result);
  const verdict = result.correct
    ? 'correct'
    : result.plausible
      ? 'plausible'
      : result.falseClaim
        ? 'FALSE CLAIM'
        : 'none';
  console.log(
    [one.id, one.bug_type, verdict, result.operator ?? '-', `rank ${result.rank ?? '-'}`, `${result.ms} ms`].join(
      ' · ',
    ),
  );
}
report(judged);
if (options.out) writeFileSync(options.out, `${judged.map((each) => JSON.stringify(each)).join('\n')}\n`);
process.exitCode = judged.some((each) => each.falseClaim) ? 1 : 0;

/** One case: the command line in one folder, the judging in another. */
async function judge(one: Case): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  try {
    const work = join(folder, 'work');
    const clean = join(folder, 'clean');
    for (const place of [work, clean]) write(place, one.files);
    const fixed = await fix(work, join(folder, 'state'), one);
    const facts = {
      id: one.id,
      lang: one.lang,
      type: one.bug_type,
      status: fixed.status,
      operator: fixed.winner?.operator ?? null,
    };
    const figures = { rank: fixed.winner?.rank ?? null, tried: fixed.candidates_tried, ms: fixed.elapsed_ms };
    if (fixed.status !== 'fixed' || fixed.patch === null)
      return { ...facts, ...figures, plausible: false, correct: false, falseClaim: false };
    const applies = spawnSync('git', ['apply', '-'], { cwd: clean, input: fixed.patch }).status === 0;
    const plausible = applies && (await passes(clean, one.test_command, JUDGE_MS));
    if (plausible) write(clean, one.hidden);
    const correct = plausible && (await passes(clean, one.hidden_command, JUDGE_MS));
    return { ...facts, ...figures, plausible, correct, falseClaim: !plausible };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `maestro fix --json` and reads what it prints, whatever its exit status; a run that prints no JSON is an error. */
function fix(cwd: string, state: string, one: Case): Promise<Fixed> {
  const args = [MAESTRO, 'fix', '--json', '--time-limit', options['time-limit'], '--', ...one.test_command];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, MAESTRO_HOME: state },
      timeout: 300_000,
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('close', () => {
      try {
        resolve(JSON.parse(out) as Fixed);
      } catch {
        console.error(`${one.id}: no JSON answer: ${errors.trim().split('\n').at(-1) ?? ''}`);
        resolve({ status: 'error', patch: null, candidates_tried: 0, winner: null, elapsed_ms: 0 });
      }
    });
  });
}

function report(all: readonly Judged[]): void {
  const languages = Map.groupBy(all, (each) => each.lang);
  for (const [lang, group] of languages) {
    const line = (name: string, some: readonly Judged[]) =>
      console.log(
        `  ${name.padEnd(18)} plausible ${share(some, (each) => each.plausible)} · correct ${share(some, (each) => each.correct)}`,
      );
    console.log(`\n${lang}`);
    line('all', group);
    for (const [type, some] of Map.groupBy(group, (each) => each.type)) line(type, some);
    const found = group.filter((each) => each.plausible);
    const ranks = found.map((each) => each.rank ?? 0);
    const times = found.map((each) => each.ms);
    const rates = group.filter((each) => each.ms > 0).map((each) => (1000 * each.tried) / each.ms);
    console.log(
      `  rank    median ${percentile(ranks, 50)} · 90 % ${percentile(ranks, 90)} · most ${percentile(ranks, 100)}`,
    );
    console.log(`  time    median ${percentile(times, 50)} ms · 90 % ${percentile(times, 90)} ms`);
    console.log(`  rate    median ${percentile(rates, 50)} candidates a second, start and confirmation included`);
  }
  const claims = all.filter((each) => each.falseClaim);
  console.log(
    `\nfixed but failing when applied by hand: ${claims.length}${claims.map((each) => ` ${each.id}`).join('')}`,
  );
}

if (!existsSync(MAESTRO)) console.error('bin/maestro.mjs is missing');
