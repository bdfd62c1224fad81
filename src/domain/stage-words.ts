import type { Json } from './json.ts';
import type { StageOutput, WorkflowView } from './workflow.ts';

const MOST = 300;

/** An accepted output in a line. */
export function summaryOf(output: StageOutput): string {
  const selected = hypotheses(output).find(({ id }) => id === output.selected);
  if (selected) return short(`${String(selected.id)}: ${text(selected.claim)}`);
  if (typeof output.summary === 'string') return short(output.summary);
  const [first] = list(output.observations);
  if (first !== undefined) return short(text(first));
  const changes = list(output.changes).map(changed);
  const tests = of(output.test_result);
  return short([...changes, ...(output.change ? [changed(output.change)] : []), text(tests.summary)].join('; '));
}

/** What a person needs to take over: the task, the hypothesis, and what each iteration tried and saw. */
export function handover(view: WorkflowView): string {
  const { task, outputs, testCommand, handedIn } = view;
  const selected = hypotheses(outputs.hypothesize ?? {}).find(({ id }) => id === outputs.hypothesize?.selected);
  const rounds = handedIn.map(({ iteration, output }) => {
    const tests = of(output.test_result);
    return [
      `Iteration ${iteration}: ${short(changed(output.change))}`,
      `  error: ${short(text(output.error))}`,
      `  tests: ${text(tests.status)}, ${short(text(tests.summary))} (${text(output.compared_to_previous)} than before)`,
      `  hypothesis: ${short(text(output.hypothesis_update))}`,
    ].join('\n');
  });
  return [
    `Handed over after ${rounds.length} iterations of debugging; the tests do not pass.`,
    `Task: ${short(task ?? 'not said')}`,
    `Observed: ${
      list(outputs.analyze?.observations)
        .slice(0, 5)
        .map((one) => short(text(one)))
        .join('; ') || 'nothing'
    }`,
    `Selected hypothesis: ${selected ? short(text(selected.claim)) : 'none'}`,
    `Test command: ${testCommand ?? 'none'}`,
    ...rounds,
  ].join('\n');
}

function hypotheses(output: StageOutput): Array<Readonly<Record<string, Json | undefined>>> {
  return list(output.hypotheses).map(of);
}

function changed(change: Json | undefined): string {
  const { file, summary } = of(change);
  return `${text(file)}: ${text(summary)}`;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function of(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json | undefined>>)
    : {};
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function short(long: string): string {
  const line = long.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}
