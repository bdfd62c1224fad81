import { sameJson } from './json.ts';
import type { StageDefinition } from './stage.ts';
import { isTestReport, type TestReport } from './tests-seen.ts';
import type { HandedIn, StageOutput, WorkflowView } from './workflow.ts';

/** One thing that is wrong with an output, and where: `hypotheses[1].confidence`; '' is the output itself. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** At most this much JSON is taken as a stage's output, in characters. */
const MAX_OUTPUT = 32_000;

/** The output read by the stage's schema, or everything that is wrong with it. */
export function readOutput(
  { output: schema }: StageDefinition,
  given: unknown,
): { readonly output: StageOutput } | { readonly problems: readonly Problem[] } {
  const length = JSON.stringify(given)?.length ?? 0;
  if (length > MAX_OUTPUT)
    return { problems: [{ path: '', message: `has ${length} characters of JSON, at most ${MAX_OUTPUT} are taken` }] };
  const result = schema.safeParse(given);
  if (result.success) return { output: result.data as StageOutput };
  return {
    problems: result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is no field of the schema' }))
        : [{ path: pathOf(issue.path), message: issue.message }],
    ),
  };
}

/** What is wrong with an output that fits its schema, given where the workflow stands. */
export function misfits(
  view: Pick<WorkflowView, 'iteration' | 'observedHere'>,
  { id, entry }: StageDefinition,
  output: StageOutput,
  told: TestReport | null,
): Problem[] {
  const problems: Problem[] = [];
  const { iteration, test_result } = output;
  if (typeof iteration === 'number' && iteration !== view.iteration)
    problems.push({ path: 'iteration', message: `is ${iteration}, but this is iteration ${view.iteration}` });
  if (told && isTestReport(test_result) && told.status !== test_result.status)
    problems.push({
      path: 'test_result.status',
      message: `is '${test_result.status}' in the output and '${told.status}' beside it`,
    });
  if (entry.tests === 'all_passing' && !told && !view.observedHere)
    problems.push({
      path: 'test_result',
      message: `beside the output, say what all tests said after the last change of '${id}'`,
    });
  return problems;
}

/** What was handed in with exactly this output, in this visit or as the newest of an earlier stage: a retried call. */
export function alreadyHandedIn(view: WorkflowView, stage: StageDefinition['id'], output: unknown): HandedIn | null {
  const all = view.pending ? [...view.handedIn, view.pending] : view.handedIn;
  const here = all.findLast((one) => one.stage === stage && sameJson(one.output, output));
  if (here || view.stage === stage) return here ?? null;
  const earlier = view.outputs[stage];
  if (!earlier || !sameJson(earlier, output)) return null;
  return { stage, visit: view.visits[stage] ?? 1, iteration: 1, output: earlier };
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
