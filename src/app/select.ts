import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { readCandidates, readResults } from '../domain/candidate.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { Selection } from '../domain/selection.ts';
import type { SelectorDefinition } from '../domain/selector.ts';
import { createEngine } from '../engine/local.ts';
import { type SelectPorts, selectFlow } from '../flows/select.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { refusal } from '../platform/patch-names.ts';
import { observeBaseline } from '../verify/baseline.ts';
import { type TreeSnapshot, takeSnapshot } from '../verify/snapshot.ts';
import { createVerifier } from '../verify/verifier.ts';
import { patchesOf } from './patches.ts';
import { openState } from './state.ts';

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

interface Surroundings {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

/** Chooses among candidates by evidence. Throws `bad_candidates`, `usage`, and what running the tests may throw. */
export async function select(invocation: SelectInvocation, { signal, env }: Surroundings): Promise<Selection> {
  const candidates = readCandidates(invocation.candidates);
  const ids = candidates.map(({ id }) => id);
  const results = invocation.testResults === null ? null : readResults(invocation.testResults, ids);
  const selector = await selectorOf(invocation.mode);
  const store = await openState(env);
  try {
    const snapshot = await takeSnapshot(invocation.cwd, { signal });
    try {
      const spec = {
        kind: 'select',
        key: keyOf(snapshot, invocation),
        workspace: snapshot.root,
        request: { ...invocation },
        signal,
      };
      const finished = await createEngine(store).start(spec, async (run) => {
        await using ports = await selectPorts(snapshot, selector, invocation);
        const request = { candidates, results, timeLimitMs: invocation.timeLimitMs };
        return (await selectFlow(run, ports, request)) as unknown as Json;
      });
      return finished.result as unknown as Selection;
    } finally {
      await snapshot.dispose();
    }
  } finally {
    await store.close();
  }
}

async function selectorOf(mode: string): Promise<SelectorDefinition> {
  const selectors = await loadDefinitions<SelectorDefinition>(new URL('../selectors/', import.meta.url), 'selector');
  const selector = selectors.find((one) => one.mode === mode);
  if (selector) return selector;
  throw new MaestroError(
    'usage',
    `there is no mode '${mode}'`,
    `choose among: ${selectors.map((one) => one.mode).join(', ')}`,
  );
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

function keyOf({ fingerprint, folder }: TreeSnapshot, invocation: SelectInvocation): string {
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, folder, invocation]))
    .digest('hex');
}
