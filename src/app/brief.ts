import { basename } from 'node:path';
import picomatch from 'picomatch';
import type { TestResult } from '../domain/evidence.ts';
import type { RepairBrief } from '../domain/ports.ts';
import { editableFiles, localize } from '../repair/index.ts';
import type { LiveTree } from '../verify/live-tree.ts';
import { readRun } from '../verify/reports/index.ts';

/** What a question says about what is wrong. */
export interface Evidence {
  readonly task: string | null;
  /** Output of failing tests, traces, logs. */
  readonly errors: readonly string[];
  /** Paths or globs. */
  readonly files: readonly string[];
}

const MAX_FAILURES = 200;

/**
 * The question as evidence: the files that may be at fault, the tests that fail as their output tells, and suspicious lines.
 * Null when nothing points to a file that templates can edit.
 */
export async function briefOf(tree: LiveTree, { task, errors, files }: Evidence): Promise<RepairBrief | null> {
  const all = await tree.files();
  const failures = await failuresIn(errors, tree.root);
  const isNamed = files.length > 0 ? picomatch([...files], { dot: true }) : null;
  const source = { files: isNamed ? all.filter((path) => isNamed(path)) : all, read: tree.read, isProtected: () => false };
  const sources = await editableFiles(isNamed ? source : { ...source, files: all }, failures, null);
  const named = isNamed && sources.length === 0 ? await editableFiles({ ...source, files: all }, failures, null) : sources;
  if (named.length === 0) return null;
  const suspects = localize({ failures, coverage: null, sources: named });
  return { task, sources: named, failures, suspects, iteration: 1, attempts: [] };
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
