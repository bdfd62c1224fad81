import { z } from 'zod';
import {
  type Candidate,
  candidatesFrom,
  lintResultsFrom,
  type ReportedResults,
  resultsFrom,
} from '../domain/candidate.ts';
import { commandWords } from '../domain/command-words.ts';
import { MaestroError } from '../domain/errors.ts';
import type { SelectorDefinition } from '../domain/selector.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import type { SelectCall } from './calls.ts';

/** A selection as it was asked for, everything checked; JSON. */
export interface SelectPlan {
  readonly candidates: readonly Candidate[];
  readonly mode: string;
  readonly results: ReportedResults | null;
  /** New lint problems by candidate, as they were reported. */
  readonly lintResults: Readonly<Record<string, number>>;
  /** Program and arguments. */
  readonly testCommand: readonly string[] | null;
  readonly lintCommand: readonly string[] | null;
  readonly probeCommand: readonly string[] | null;
  readonly task: string | null;
  readonly criteria: string | null;
  /** For each run of a command, in ms. */
  readonly timeLimitMs: number;
}

const TIME_LIMIT_MS = 120_000;

/** Whether a plan has a command to run; else a choice rests on what was handed over, and no copy of the tree is needed. */
export function runsSomething({ testCommand, lintCommand, probeCommand }: Omit<SelectPlan, 'task'>): boolean {
  return testCommand !== null || lintCommand !== null || probeCommand !== null;
}

/**
 * The plan of a call whose candidates are known. Throws `bad_candidates` naming what is wrong and where, and `usage` for a
 * mode that there is not, or a command without words.
 */
export async function planOf(call: SelectCall, candidates: readonly Candidate[]): Promise<Omit<SelectPlan, 'task'>> {
  const ids = candidates.map(({ id }) => id);
  const mode = call.mode ?? 'tests_first';
  await selectorOf(mode);
  return {
    candidates,
    mode,
    results: call.test_results === undefined ? null : resultsFrom(call.test_results, ids),
    lintResults: call.lint_results === undefined ? {} : Object.fromEntries(lintResultsFrom(call.lint_results, ids)),
    testCommand: wordsOf('test_command', call.test_command),
    lintCommand: wordsOf('lint_command', call.lint_command),
    probeCommand: wordsOf('probe_command', call.probe_command),
    criteria: call.criteria ?? null,
    timeLimitMs: call.time_limit_ms ?? TIME_LIMIT_MS,
  };
}

/** The candidates of a call: given by value, or else in the result of an ensemble's run. Throws `bad_candidates` and `usage`. */
export function candidatesOf(call: SelectCall, ensemble: unknown): readonly Candidate[] {
  return call.candidates === undefined ? fromEnsemble(call.run_id!, ensemble) : candidatesFrom(call.candidates);
}

/** Throws `usage` unless a call has candidates or names a run, and not both. */
export function refuseUnclear(call: SelectCall): void {
  if ((call.candidates === undefined) === (call.run_id === undefined))
    throw new MaestroError(
      'usage',
      call.run_id === undefined ? 'there are no candidates' : 'there are candidates and a run_id',
      'give candidates, or the run_id of an ensemble: one of the two',
    );
}

const hypothesis = z.object({ id: z.string(), claim: z.string(), verification_test: z.string() });
const generated = z.object({
  status: z.literal('generated'),
  candidates: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      text: z.string(),
      patch: z.string().optional(),
      hypotheses: z.array(hypothesis).optional(),
    }),
  ),
});

/** What an ensemble's advisors answered: their hypotheses one by one, else each one's patch, else its text. */
function fromEnsemble(runId: string, result: unknown): readonly Candidate[] {
  const read = generated.safeParse(result);
  if (!read.success)
    throw new MaestroError(
      'usage',
      `run ${runId} holds no candidates`,
      'give the run_id of an ensemble that has ended, or candidates by value',
    );
  const { candidates } = read.data;
  const hypotheses = candidates.flatMap(({ id, provider, hypotheses = [] }) =>
    hypotheses.map((one) => ({
      id: `${id}.${one.id}`,
      provider,
      text: one.claim,
      verification_test: one.verification_test,
    })),
  );
  if (hypotheses.length > 0) return candidatesFrom(hypotheses);
  return candidatesFrom(
    candidates.map(({ id, provider, text, patch }) => ({
      id,
      provider,
      ...(patch === undefined ? { text } : { patch }),
    })),
  );
}

function wordsOf(name: string, text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const words = commandWords(text);
  if (words.length > 0 && !text.includes('\0')) return words;
  const what = words.length > 0 ? 'holds a NUL, which no command can' : 'is blank';
  throw new MaestroError('usage', `${name} ${what}`, 'give a command, such as "npm test", or leave it out');
}

/** The selector of that mode; throws `usage` for one that there is not. */
export async function selectorOf(mode: string): Promise<SelectorDefinition> {
  const selectors = await loadDefinitions<SelectorDefinition>(new URL('../selectors/', import.meta.url), 'selector');
  const selector = selectors.find((one) => one.mode === mode);
  if (selector) return selector;
  const modes = selectors.map((one) => one.mode).join(', ');
  throw new MaestroError('usage', `there is no mode '${mode}'`, `choose among: ${modes}`);
}
