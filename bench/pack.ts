import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rerankBy } from '../src/app/rerank.ts';
import { type Pack, pack } from '../src/context/index.ts';
import { ablation } from './pack-ablation.ts';
import { type Case, Means, readCases, recallOf } from './pack-cases.ts';
import { timeOf, timeOfMonorepo } from './pack-time.ts';
import { wholeFiles } from './pack-whole-files.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/localize/dev.jsonl' },
    trees: { type: 'string', default: '' },
    /** Where indexes are kept between runs; a temporary folder otherwise. */
    indexes: { type: 'string' },
    /** Writes predictions in the form that the data's own scorer reads. */
    predictions: { type: 'string' },
    /** Every how many-th case is packed. */
    every: { type: 'string', default: '1' },
    /** Every how many-th of these the ablation looks at; 0: no ablation. */
    ablation: { type: 'string', default: '4' },
    'no-recall': { type: 'boolean', default: false },
    'no-time': { type: 'boolean', default: false },
    set: { type: 'string' },
    /** An advisor of the user's own configuration to consult once a case, which costs what it costs; nobody unless named. */
    rerank: { type: 'string' },
  },
});

const ROWS: ReadonlyArray<readonly [name: string, budget: number, withErrors: boolean]> = [
  ['8k tokens, issue', 8_000, false],
  ['32k tokens, issue', 32_000, false],
  ['8k tokens, issue + failing output', 8_000, true],
];
const WHOLE_FILES = '8k tokens, issue: BM25, whole files';

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
  const cases = all.filter(({ set }, i) => (!values.set || set === values.set) && i % Number(values.every) === 0);
  say(`${cases.length} cases; ${missing} more have no tree in ${values.trees}`);
  if (cases.length === 0) return;
  if (!values['no-recall']) await recall(cases);
  if (values.rerank) await reranked(cases, values.rerank);
  else say('in the order of an advisor: not measured (name one with --rerank)');
  if (Number(values.ablation) > 0) {
    const some = cases.filter((_, i) => i % Number(values.ablation) === 0);
    say(`each signal left out, 8k tokens, ${some.length} cases:`);
    console.table(
      await ablation(some, async (one, errors, { weights, pieceWeights }) => {
        return (await packOf(one, 8_000, errors, { weights, pieceWeights })).files;
      }),
    );
  }
  if (!values['no-time']) await times(cases);
}

/** File and hunk recall by row, set and repository. */
async function recall(cases: readonly Case[]): Promise<void> {
  const means = new Map([...ROWS.map(([name]) => name), WHOLE_FILES].map((name) => [name, new Means()]));
  const predictions: string[] = [];
  let over = 0;
  for (const one of cases) {
    for (const [name, budget, withErrors] of ROWS) {
      if (withErrors && !one.errors) continue;
      const found = await packOf(one, budget, withErrors ? one.errors : undefined);
      if (found.tokens > budget) over++;
      const recalled = recallOf(one, found.files);
      means.get(name)!.add(one.set, recalled);
      means.get(name)!.count(one.repo, recalled);
      if (name === ROWS[0]![0])
        predictions.push(JSON.stringify({ id: one.id, ms: found.ms, tokens: found.tokens, files: found.files }));
    }
    const whole = await wholeFiles(join(values.trees, one.id), one.query, 8_000, indexes);
    means.get(WHOLE_FILES)!.add(one.set, recallOf(one, whole));
  }
  console.table(
    [...means].flatMap(([question, mean]) => mean.groups().map((group) => ({ question, group, ...mean.of(group) }))),
  );
  say(`packs over their budget: ${over}`);
  if (values.predictions) writeFileSync(values.predictions, `${predictions.join('\n')}\n`);
}

/** The same cases in the order that an advisor gives, in a ledger of their own. */
async function reranked(cases: readonly Case[], provider: string): Promise<void> {
  const [before, after] = [new Means(), new Means()];
  let used = 0;
  for (const one of cases) {
    const matter = {
      workspace: join(values.trees, one.id),
      stage: null,
      env: { ...process.env, MAESTRO_HOME: join(indexes, 'ledger') },
      signal: new AbortController().signal,
      warn: say,
    };
    const rerank = await rerankBy({ provider, progress: () => {} }, matter);
    const usual = await packOf(one, 8_000, undefined);
    const found = await packOf(one, 8_000, undefined, { rerank });
    if (found.reranked?.used) used++;
    else say(`${one.id}: ${found.reranked?.why}`);
    before.add(one.set, recallOf(one, usual.files));
    after.add(one.set, recallOf(one, found.files));
  }
  say(`8k tokens, issue, in the order of ${provider}: ${used} of ${cases.length} answers could be used`);
  console.table([
    { order: 'usual', ...before.of('all') },
    { order: provider, ...after.of('all') },
  ]);
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
  overrides: Parameters<typeof pack>[1] = {},
): Promise<Pack> {
  const workspace = join(values.trees, one.id);
  return pack({ workspace, task: one.query, budget, ...(errors && { errors }) }, { indexes, warn: say, ...overrides });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
