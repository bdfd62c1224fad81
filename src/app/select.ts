import { availableParallelism } from 'node:os';
import { readCandidates, readResults } from '../domain/candidate.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Selection } from '../domain/selection.ts';
import type { SelectorDefinition } from '../domain/selector.ts';
import { type SelectPorts, selectFlow } from '../flows/select.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { refusal } from '../platform/patch-names.ts';
import { observeBaseline } from '../verify/baseline.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import { createVerifier } from '../verify/verifier.ts';
import { patchesOf } from './patches.ts';
import { runInTree, type Surroundings } from './run-in-tree.ts';

/** A call of `maestro select`; files are given as their text, commands as program and arguments. */
export interface SelectInvocation {
  readonly cwd: string;
  readonly candidates: string;
  readonly mode: string;
  readonly testCommand: readonly string[] | null;
  readonly probeCommand: readonly string[] | null;
  readonly testResults: string | null;
  readonly timeLimitMs: number;
}

/** Chooses among candidates by evidence. Throws `bad_candidates`, `usage`, and what running the tests may throw. */
export async function select(invocation: SelectInvocation, surroundings: Surroundings): Promise<Selection> {
  const { cwd, ...request } = invocation;
  const candidates = readCandidates(request.candidates);
  const ids = candidates.map(({ id }) => id);
  const results = request.testResults === null ? null : readResults(request.testResults, ids);
  const selector = await selectorOf(request.mode);
  return runInTree(
    { kind: 'select', cwd, request, kept: { candidates: ids, testCommand: request.testCommand } },
    surroundings,
    async (run, { snapshot }) => {
      await using ports = await selectPorts(snapshot, selector, invocation);
      return selectFlow(run, ports, { candidates, results, timeLimitMs: request.timeLimitMs });
    },
    async ({ result }) => result,
  );
}

async function selectorOf(mode: string): Promise<SelectorDefinition> {
  const selectors = await loadDefinitions<SelectorDefinition>(new URL('../selectors/', import.meta.url), 'selector');
  const selector = selectors.find((one) => one.mode === mode);
  if (selector) return selector;
  const modes = selectors.map((one) => one.mode).join(', ');
  throw new MaestroError('usage', `there is no mode '${mode}'`, `choose among: ${modes}`);
}

async function selectPorts(
  snapshot: TreeSnapshot,
  selector: SelectorDefinition,
  { testCommand, probeCommand }: SelectInvocation,
): Promise<SelectPorts & AsyncDisposable> {
  const verifier = testCommand && (await createVerifier({ snapshot, command: testCommand }));
  const prober = probeCommand && (await createVerifier({ snapshot, command: probeCommand }));
  return {
    selector,
    parse: patchesOf(snapshot).parse,
    refusal,
    tests: verifier && { verifier, observeBaseline: (options) => observeBaseline(verifier, testCommand, options) },
    probe: prober && ((change, options) => prober.run(change, options)),
    width: availableParallelism(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([verifier?.close(), prober?.close()]);
    },
  };
}
