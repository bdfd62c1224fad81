import type { TestResult } from '../domain/evidence.ts';
import type { RepairBrief } from '../domain/ports.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import { globExpression } from '../platform/glob.ts';
import { editableFiles, localize } from '../repair/index.ts';
import type { LiveTree } from '../verify/live-tree.ts';
import { readRun } from '../verify/reports/index.ts';

/** What a question says about what is wrong. */
export interface Evidence {
  readonly task: string | null;
  /** Output of failing tests, traces, logs. */
  readonly errors: readonly string[];
  /** Paths or globs, relative to the workspace. */
  readonly files: readonly string[];
}

/** The brief of a question, read when it is first asked for and once. */
export function briefWhenAsked(tree: LiveTree, evidence: Evidence): () => Promise<RepairBrief | null> {
  let brief: Promise<RepairBrief | null> | undefined;
  return () => {
    brief ??= briefOf(tree, evidence);
    return brief;
  };
}

const MAX_FAILURES = 200;

/** What the workflow was told of failing tests, newest first: used where a question brings no output of its own. */
export function errorsIn({ outputs, tests }: Pick<WorkflowView, 'outputs' | 'tests'>): readonly string[] {
  const { error, test_result } = outputs.debug ?? {};
  const told = test_result ?? outputs.implement?.test_result;
  const summary = told !== null && typeof told === 'object' && 'summary' in told ? told.summary : undefined;
  const seen = tests?.status === 'failed' ? tests.summary : undefined;
  const texts = [error, summary, seen].filter((text) => typeof text === 'string' && text.trim() !== '');
  return [...new Set(texts as string[])];
}

/**
 * The question as evidence: the files that may be at fault (those named, else those the failures lead to), the tests that
 * fail as their output tells, and suspicious lines. Null when nothing leads to a file that templates can edit.
 */
export async function briefOf(tree: LiveTree, { task, errors, files }: Evidence): Promise<RepairBrief | null> {
  const all = await tree.files();
  const failures = await failuresIn(errors, tree.root);
  const patterns = files.map(globExpression);
  const named = all.filter((path) => patterns.some((pattern) => pattern.test(path)));
  const from = (paths: readonly string[]) =>
    editableFiles({ files: paths, read: tree.read, isProtected: () => false }, failures, null);
  const own = named.length > 0 ? await from(named) : [];
  const sources = own.length > 0 ? own : await from(all);
  if (sources.length === 0) return null;
  const suspects = localize({ failures, coverage: null, sources });
  return { task, sources, failures, suspects, iteration: 1, attempts: [] };
}

/** The failures that a test report in the output names; the output itself as one failure where there is none. */
async function failuresIn(errors: readonly string[], root: string): Promise<readonly TestResult[]> {
  const found: TestResult[] = [];
  for (const [index, text] of errors.entries()) {
    const output = { stdout: text, stderr: '', exitCode: 1, readReport: async () => null };
    const { tests } = await readRun(output, { files: [], formats: [], root, folder: '' });
    const failed = (tests ?? []).filter(({ outcome }) => outcome === 'failed');
    if (failed.length > 0) found.push(...failed);
    else found.push({ id: `error ${index + 1}`, outcome: 'failed', message: text });
  }
  return found.slice(0, MAX_FAILURES);
}
