import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from '../src/context/index.ts';
import { FILE_WEIGHTS, type Signal } from '../src/context/weights.ts';
import { type Case, Means, readCases, recallOf } from './pack-cases.ts';
import { timeOf, timeOfMonorepo } from './pack-time.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/localize/dev.jsonl' },
    trees: { type: 'string', default: '' },
    /** Where indexes are kept between runs; a temporary folder otherwise. */
    indexes: { type: 'string' },
    /** Writes predictions in the form that the data's own scorer reads. */
    predictions: { type: 'string' },
    /** Every how many-th case the ablation looks at; 0: no ablation. */
    ablation: { type: 'string', default: '4' },
    'no-time': { type: 'boolean', default: false },
    set: { type: 'string' },
  },
});

const BUDGETS = [8_000, 32_000] as const;
const indexes = values.indexes ?? mkdtempSync(join(tmpdir(), 'maestro-bench-'));
try {
  await main();
} finally {
  if (!values.indexes) rmSync(indexes, { recursive: true, force: true });
}

async function main(): Promise<void> {
  if (!existsSync(values.data)) return say(`no cases: ${values.data} is not there; name a file of cases with --data`);
  if (!existsSync(values.trees)) {
    return say(
      'no trees: fetch the repositories of the cases, write each tree with tools/localize/materialise.sh ID DIR/ID, and name DIR with --trees',
    );
  }
  const { cases: all, missing } = readCases(values.data, values.trees);
  const cases = all.filter(({ set }) => !values.set || set === values.set);
  say(`${cases.length} cases; ${missing} more have no tree in ${values.trees}`);
  if (cases.length === 0) return;
  await recall(cases);
  if (Number(values.ablation) > 0) await ablation(cases.filter((_, i) => i % Number(values.ablation) === 0));
  if (!values['no-time']) await times(cases);
}

/** File and hunk recall by set and budget, from the issue alone and with the output of failing tests. */
async function recall(cases: readonly Case[]): Promise<void> {
  const means = new Map<string, Means>();
  const predictions: string[] = [];
  let over = 0;
  for (const one of cases) {
    for (const budget of BUDGETS) {
      for (const errors of one.errors ? [undefined, one.errors] : [undefined]) {
        const found = await packOf(one, budget, errors);
        const key = `${budget / 1000}k ${errors ? 'issue + errors' : 'issue'}`;
        if (found.tokens > budget) over++;
        if (!means.has(key)) means.set(key, new Means());
        means.get(key)!.add(one.set, recallOf(one, found.files));
        if (budget === 8_000 && !errors)
          predictions.push(JSON.stringify({ id: one.id, ms: found.ms, tokens: found.tokens, files: found.files }));
      }
    }
  }
  console.table(
    [...means].flatMap(([key, mean]) => mean.sets().map((set) => ({ question: key, set, ...mean.of(set) }))),
  );
  say(`packs over their budget: ${over}`);
  if (values.predictions) writeFileSync(values.predictions, `${predictions.join('\n')}\n`);
}

/** What every signal is worth: recall at 8k when it is left out. */
async function ablation(cases: readonly Case[]): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  for (const left of [null, ...(Object.keys(FILE_WEIGHTS) as Signal[])]) {
    if (left === 'suspect' || left === 'changed') continue;
    const weights = { ...FILE_WEIGHTS, ...(left && { [left]: 0 }) };
    const [issue, errors] = [new Means(), new Means()];
    for (const one of cases) {
      issue.add(one.set, recallOf(one, (await packOf(one, 8_000, undefined, weights)).files));
      if (one.errors) errors.add(one.set, recallOf(one, (await packOf(one, 8_000, one.errors, weights)).files));
    }
    const [a, b] = [issue.of('all'), errors.of('all')];
    rows.push({
      'left out': left ?? '(nothing)',
      file: a.file,
      hunk: a.hunk,
      'errors: file': b.file,
      'errors: hunk': b.hunk,
    });
  }
  say(`each signal left out, 8k, ${cases.length} cases:`);
  console.table(rows);
}

/** Time and memory on the tree with most entries and on a made one of 50,000 files. */
async function times(cases: readonly Case[]): Promise<void> {
  const largest = cases
    .map(({ id }) => ({ id, entries: readdirSync(join(values.trees, id), { recursive: true }).length }))
    .sort((a, b) => b.entries - a.entries)[0]!;
  console.table([
    await timeOf(largest.id, join(values.trees, largest.id)),
    await timeOfMonorepo(5_000),
    await timeOfMonorepo(50_000),
  ]);
}

function packOf(
  one: Case,
  budget: number,
  errors: readonly string[] | undefined,
  weights = FILE_WEIGHTS as Readonly<Record<Signal, number>>,
) {
  const workspace = join(values.trees, one.id);
  return pack({ workspace, task: one.query, budget, ...(errors && { errors }) }, { indexes, weights, warn: say });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
