import type { ChangeSet } from '../domain/change.ts';
import { MaestroError } from '../domain/errors.ts';
import type { CheckRun } from '../domain/evidence.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { newProblems } from '../domain/lint.ts';
import type { Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { type Entry, oncePerChange, type SelectPorts, type SelectRequest } from './select-contract.ts';

/** Runs the lint command on the unchanged tree and with each change that can be applied, and counts what is new. */
export async function lintEach(
  run: Run,
  { lint, width }: SelectPorts,
  { timeLimitMs }: SelectRequest,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const mayRun = ({ change, evidence }: Entry): boolean =>
    change !== null && evidence.applies !== false && evidence.protectedFiles.length === 0;
  if (!lint || !entries.some(mayRun)) return entries;
  const options = { signal: run.signal, timeLimitMs };
  const before = await run.step('lint', async () => {
    const seen = await lint([], options);
    run.signal.throwIfAborted();
    return { ...seen, tests: null, output: redact(seen.output).text };
  });
  const problemsOf = oncePerChange(async (change) => {
    const after = await lintOf(lint, change, options);
    return after && newProblems(before, { ...after, output: redact(after.output).text });
  });
  return inParallel(entries, width, async (entry) => {
    if (!mayRun(entry)) return entry;
    const problems = await run.step(`lint.${entry.candidate.id}`, async () => {
      const found = await problemsOf(entry.change!);
      run.signal.throwIfAborted();
      return found;
    });
    const { evidence } = entry;
    const newLintProblems = problems ?? evidence.newLintProblems;
    return {
      ...entry,
      evidence: {
        ...evidence,
        newLintProblems,
        basis: evidence.basis === 'none' && problems !== null ? 'observed' : evidence.basis,
      },
    };
  });
}

/** `null` where the change cannot be applied. */
async function lintOf(
  lint: NonNullable<SelectPorts['lint']>,
  change: ChangeSet,
  options: Parameters<NonNullable<SelectPorts['lint']>>[1],
): Promise<CheckRun | null> {
  try {
    return await lint(change, options);
  } catch (error) {
    if (error instanceof MaestroError && error.code === 'bad_candidates') return null;
    throw error;
  }
}
