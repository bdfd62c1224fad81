import { z } from 'zod';
import { MaestroError } from './errors.ts';

const candidateSchema = z
  .object({
    id: z.string().trim().min(1).max(200).describe('Names the candidate in the answer; no two are the same.'),
    patch: z.string().optional().describe('A unified diff against the workspace.'),
    files: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('Whole new contents by path, relative to the workspace; null deletes the file.'),
    text: z.string().optional().describe('An answer in prose; a unified diff inside it is taken as its patch.'),
    provider: z.string().optional().describe('Who it came from.'),
    verification_test: z
      .string()
      .optional()
      .describe(
        'Makes it a hypothesis, whose claim is its text: the test that would come out differently were it wrong.',
      ),
  })
  .refine(({ verification_test, text }) => verification_test === undefined || text !== undefined, {
    message: 'a hypothesis needs a text: its claim',
  })
  .refine(({ patch, files, text }) => patch !== undefined || files !== undefined || text !== undefined, {
    message: 'needs a patch, files or a text',
  })
  .refine(({ patch, files }) => patch === undefined || files === undefined, {
    message: 'has both a patch and files: give one of them',
  });

/** An answer to choose from, as it was given. */
export type Candidate = z.infer<typeof candidateSchema>;

const names = z.array(z.string().min(1));
const resultSchema = z
  .object({
    id: z.string().trim().describe('Id of the candidate that the tests were run on.'),
    passed: names.describe('Tests that passed with the candidate applied.'),
    failed: names.describe('Tests that failed with the candidate applied.'),
    applies: z.boolean().optional().describe('Whether the candidate could be applied; where tests ran, it could.'),
    lint_problems: z.int().nonnegative().optional().describe('New lint or type problems.'),
    behaviour: z
      .array(z.string())
      .optional()
      .describe('What the code does on inputs without known answers, one text an input.'),
  })
  .refine(({ passed, failed }) => !failed.some((test) => passed.includes(test)), {
    message: 'the same test is in passed and in failed',
  });
const resultsSchema = z.object({
  baseline: z
    .object({ passed: names, failed: names })
    .optional()
    .describe('The tests of the unchanged workspace. Without it, every test that any result names must pass.'),
  results: z
    .array(resultSchema)
    .describe('One entry a candidate. A list of such entries alone may stand for the whole.'),
});

/** Test results that someone else observed: they count as reported. */
export type ReportedResults = z.infer<typeof resultsSchema>;
export type ReportedResult = z.infer<typeof resultSchema>;

/** Reads a candidates file (JSON). Throws `bad_candidates` naming the index and field that is wrong. */
export function readCandidates(json: string): readonly Candidate[] {
  const given = parsed('candidates', json);
  return candidatesFrom(z.object({ candidates: z.array(z.unknown()) }).safeParse(given).data?.candidates ?? given);
}

/** Candidates given as a value. Throws `bad_candidates` naming the index and field that is wrong, also when only some are hypotheses. */
export function candidatesFrom(value: unknown): readonly Candidate[] {
  const candidates = read('candidates', z.array(candidateSchema), value);
  refuseRepeatedIds('candidates', candidates);
  const odd = candidates.findIndex(({ verification_test }) => verification_test === undefined);
  if (odd >= 0 && candidates.some(isHypothesis))
    throw refused(`candidates[${odd}]`, 'is no hypothesis, while others are: choose among patches or among hypotheses');
  return candidates;
}

/** Whether it is a claim with its test rather than a change. */
export function isHypothesis({ verification_test }: Candidate): boolean {
  return verification_test !== undefined;
}

/** Reads a test-results file (JSON) about candidates of these ids. Throws `bad_candidates` naming the index and field that is wrong. */
export function readResults(json: string, ids: Iterable<string>): ReportedResults {
  return resultsFrom(parsed('results', json), ids);
}

/** Test results given as a value, about candidates of these ids. Throws `bad_candidates` naming the index and field that is wrong. */
export function resultsFrom(value: unknown, ids: Iterable<string>): ReportedResults {
  const results = read('', resultsSchema, Array.isArray(value) ? { results: value } : value);
  refuseRepeatedIds('results', results.results);
  refuseStrangers('results', results.results, ids);
  return results;
}

const lintSchema = z.array(
  z.object({
    id: z.string().trim().describe('Id of the candidate that was checked.'),
    problems: z.int().nonnegative().describe('Problems that are new against the unchanged workspace.'),
  }),
);

/** Lint results that someone else observed, new problems by candidate. Throws `bad_candidates` naming the index and field that is wrong. */
export function lintResultsFrom(value: unknown, ids: Iterable<string>): ReadonlyMap<string, number> {
  const results = read('lint_results', lintSchema, value);
  refuseRepeatedIds('lint_results', results);
  refuseStrangers('lint_results', results, ids);
  return new Map(results.map(({ id, problems }) => [id, problems]));
}

function refuseStrangers(what: string, entries: ReadonlyArray<{ readonly id: string }>, ids: Iterable<string>): void {
  const known = new Set(ids);
  const stray = entries.findIndex(({ id }) => !known.has(id));
  if (stray >= 0)
    throw refused(`${what}[${stray}].id`, `${JSON.stringify(entries[stray]!.id)} is not the id of a candidate`);
}

function parsed(what: 'candidates' | 'results', json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw refused(what, `not JSON: ${(cause as Error).message.replace(/\s+/g, ' ')}`, { cause });
  }
}

function read<T>(root: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw refused(place(root, path), message);
}

function refuseRepeatedIds(what: string, entries: ReadonlyArray<{ readonly id: string }>): void {
  const seen = new Map<string, number>();
  for (const [index, { id }] of entries.entries()) {
    const earlier = seen.get(id);
    if (earlier !== undefined)
      throw refused(`${what}[${index}].id`, `${JSON.stringify(id)} is already the id of ${what}[${earlier}]`);
    seen.set(id, index);
  }
}

const SHAPES = {
  candidates: 'Give a JSON list of { "id", "patch" | "files" | "text", "provider"? }, each id once.',
  results:
    'Give a JSON list of { "id", "passed": [names], "failed": [names] }, or { "baseline", "results" } with such a list.',
  lint_results: 'Give a list of { "id", "problems": number of new ones }, each id once.',
};

function refused(where: string, message: string, options?: ErrorOptions): MaestroError {
  const what = Object.keys(SHAPES).find((name) => where.startsWith(name)) as keyof typeof SHAPES | undefined;
  const remedy = SHAPES[what ?? 'results'];
  return new MaestroError('bad_candidates', `${where}: ${message}`, remedy, options);
}

/** `candidates`, [2, 'files', 'a b.js'] → `candidates[2].files["a b.js"]` */
function place(root: string, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^\w+$/.test(String(step)) ? `.${String(step)}` : `[${JSON.stringify(String(step))}]`;
  });
  return `${root}${steps.join('')}`.replace(/^\./, '') || 'results';
}
