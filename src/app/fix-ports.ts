import type { Advisor, Run } from '../domain/ports.ts';
import type { FixPorts, FixRequest, Progress } from '../flows/fix-contract.ts';
import { systemClock } from '../platform/clock.ts';
import { editableFiles, localize } from '../repair/index.ts';
import { createBudget } from '../store/budget.ts';
import type { Store } from '../store/open.ts';
import { observeBaseline } from '../verify/baseline.ts';
import { protectedPaths } from '../verify/protected-files.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import { createVerifier } from '../verify/verifier.ts';
import type { Asked } from './fix-panel.ts';
import { patchesOf } from './patches.ts';
import { screenerFor } from './screener.ts';

interface Parts {
  readonly store: Store;
  readonly snapshot: TreeSnapshot;
  readonly advisors: readonly Advisor[];
  readonly request: FixRequest;
  /** How often advisors may be asked in the run. */
  readonly consults: number;
  /** The models to ask; `null`: none. */
  readonly asked: Asked | null;
  readonly progress: (progress: Progress) => void;
}

/** What the fix flow works with, over real workspaces, interpreters and the ledger; disposing of it removes the workspaces. */
export async function fixPorts(run: Run, parts: Parts): Promise<FixPorts & AsyncDisposable> {
  const { store, snapshot, advisors, request, consults, progress, asked } = parts;
  const note = (text: string): void => progress({ kind: 'note', text });
  const { command, protect } = request;
  const verifier = await createVerifier({ snapshot, command, protect });
  const budget = createBudget(store);
  const workflow = { scope: `workflow:${run.id}`, limit: consults };
  const isProtected = (path: string): boolean =>
    protectedPaths([{ path, content: null }], { failing: [], passing: [], flaky: [] }, verifier.guard).length > 0;

  return {
    verifier,
    observeBaseline: (options, patienceMs) => observeBaseline(verifier, command, options, patienceMs),
    openScreener: (baseline) => screenerFor(baseline, snapshot, command, verifier, run.signal),
    advisors,
    panel: asked?.open(run, { store, workspace: snapshot.root, note }) ?? null,
    reserveConsults: async (amount) => {
      const reservation = await budget.reserve(run.id, [workflow], amount);
      if (reservation.granted) await budget.settle(reservation.id, amount);
      return reservation.granted;
    },
    localizer: {
      editable: (failures, coverage) =>
        editableFiles({ files: snapshot.files, read: (path) => snapshot.read(path), isProtected }, failures, coverage),
      suspects: (failures, coverage, sources) => localize({ failures, coverage, sources }),
    },
    patches: patchesOf(snapshot),
    clock: systemClock,
    progress,
    [Symbol.asyncDispose]: () => verifier.close(),
  };
}
