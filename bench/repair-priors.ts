/**
 * Counts which kinds of edits mend the development cases and prints the table of `src/repair/priors.ts`.
 * `node bench/repair-priors.ts FOLDER [--data FILE] [--write]`, FOLDER from `repair-candidates.ts --all N --out FOLDER`.
 *
 * Per variant: fixes / candidates. A case that several variants mend gives its one fix to them in proportion to what they are
 * worth so far, repeated until it settles, so that a rare variant that happens to mend what a common one mends gets little.
 * Smoothed towards the operator's figure, and that towards the counts of an earlier prototype over other programs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parsePatch } from '../src/platform/patch.ts';
import { applied, normalForm } from '../src/repair/candidate.ts';
import { difference } from '../src/repair/difference.ts';
import { knownOperators, openProgram } from '../src/repair/program.ts';
import { type Case, cases, type Result, type Tried } from './repair-cases.ts';

/** First plausible candidates by operator in the prototype, over 332 programs. */
const PROTOTYPE: Readonly<Record<string, number>> = {
  constant: 50,
  comparison: 35,
  variable: 27,
  'off-by-one': 17,
  ingredient: 16,
  swap: 13,
  arithmetic: 10,
  callee: 9,
  wrap: 8,
  'string-constant': 7,
  negate: 6,
  logical: 5,
  unwrap: 5,
  augmented: 4,
  boolean: 4,
  slice: 4,
  'move-statement': 3,
  'insert-assignment': 2,
};
const PROTOTYPE_PROGRAMS = 332;
/** What a program of the prototype counts beside one of the development cases. */
const PROTOTYPE_WEIGHT = 0.5;
/** Candidates of a variant that the operator's figure counts for. */
const SMOOTHING = 60;
/** A case that was mended plausibly but never correctly. */
const PLAUSIBLE_WEIGHT = 0.3;
/** Fixes a variant is credited with before any is seen: what was not needed yet may be needed next. */
const BELIEF = 0.5;
const ROUNDS = 15;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, write: { type: 'boolean' } },
});
const folder = positionals[0];
const chosen = cases({ data: options.data });
if (!folder || !chosen) {
  console.log('usage: node bench/repair-priors.ts FOLDER [--data FILE] [--write]');
  process.exit(2);
}

interface Mended {
  readonly weight: number;
  readonly variants: readonly string[];
}

const totals = new Map<string, number>();
const mended: Mended[] = [];
const names = new Set(readdirSync(folder));
const operators = await knownOperators();
for (const one of chosen.filter(({ id }) => names.has(`${id}.json`))) {
  const { tried } = JSON.parse(readFileSync(join(folder, `${one.id}.json`), 'utf8')) as Result;
  mended.push(await countedIn(one, tried));
}

const priors = settle();
const table = [...priors]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, value]) => `  '${key.replaceAll("'", "\\'")}': ${Number((1000 * value).toPrecision(2))},`);
console.log(table.join('\n'));
if (options.write) {
  const path = fileURLToPath(new URL('../src/repair/priors.ts', import.meta.url));
  const text = readFileSync(path, 'utf8');
  const [head, rest] = text.split(/(?<=PRIORS: Readonly<Record<string, number>> = )\{[^}]*\};/) as [string, string];
  writeFileSync(path, `${head}{\n${table.join('\n')}\n};${rest}`);
}

/** The variants that make one of the patches that mended a case, found by making all of a case's edits anew. */
async function countedIn(one: Case, tried: readonly Tried[]): Promise<Mended> {
  const text = one.files[one.buggy_file]!;
  const [context] = await openProgram([{ path: one.buggy_file, text }]);
  const passing = tried.filter((each) => each.verdict === 'pass' && each.text);
  const right = passing.filter((each) => each.correct);
  const forms = new Set<string>();
  const squeezed = new Set<string>();
  for (const each of right.length > 0 ? right : passing) {
    const parsed = parsePatch(each.text!, () => text);
    if (!parsed.ok) continue;
    const form = normalForm(context!.file, [difference(text, parsed.change[0]?.content ?? text)]);
    if (form !== null) forms.add(form);
    squeezed.add(squeeze(parsed.change[0]?.content ?? text));
  }
  const variants = new Set<string>();
  for (const node of context?.file.nodes ?? [])
    for (const operator of operators)
      for (const { variant, replacements } of operator.propose(node, context!)) {
        const key = `${operator.id}:${variant}`;
        add(totals, key, 1);
        const after = forms.size > 0 ? applied(text, replacements) : null;
        if (after === null || !squeezed.has(squeeze(after))) continue;
        if (forms.has(normalForm(context!.file, replacements) ?? '')) variants.add(key);
      }
  return { weight: right.length > 0 ? 1 : PLAUSIBLE_WEIGHT, variants: [...variants] };
}

function settle(): Map<string, number> {
  let current = new Map([...totals.keys()].map((key) => [key, 0.001]));
  const perOperator = new Map<string, number>();
  for (const [key, count] of totals) add(perOperator, operatorOf(key), count);
  for (let round = 0; round < ROUNDS; round++) {
    const credit = new Map<string, number>();
    for (const { weight, variants } of mended) {
      const sum = variants.reduce((total, key) => total + current.get(key)!, 0);
      for (const key of variants) add(credit, key, (weight * current.get(key)!) / sum);
    }
    const operatorCredit = new Map<string, number>();
    for (const [key, value] of credit) add(operatorCredit, operatorOf(key), value);
    current = new Map(
      [...totals].map(([key, count]) => {
        const operator = operatorOf(key);
        const before = ((PROTOTYPE[operator] ?? 0.5) * mended.length) / PROTOTYPE_PROGRAMS;
        const whole =
          ((operatorCredit.get(operator) ?? 0) + PROTOTYPE_WEIGHT * before) /
          (perOperator.get(operator)! * (1 + PROTOTYPE_WEIGHT) + 50);
        return [key, ((credit.get(key) ?? 0) + BELIEF + SMOOTHING * whole) / (count + SMOOTHING)];
      }),
    );
  }
  return current;
}

/** Texts of one normal form are the same without white space and parentheses; parsing settles the converse. */
function squeeze(text: string): string {
  return text.replaceAll(/[\s();]+/g, '');
}

function operatorOf(key: string): string {
  return key.split(':')[0]!;
}

function add(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
