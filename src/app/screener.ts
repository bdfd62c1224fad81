import { availableParallelism } from 'node:os';
import type { ChangeSet } from '../domain/change.ts';
import type { Baseline } from '../domain/evidence.ts';
import type { Screener, Screening } from '../domain/ports.ts';
import { checkEnvironment } from '../platform/environment.ts';
import { openScreener } from '../verify/screen/index.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import type { OpenVerifier } from '../verify/verifier.ts';
import { openWorkspaces } from '../verify/workspace.ts';

/** Warm processes come and go, one a core: so many workspaces for each, used in turn, that no two living ones share one. */
const WORKSPACES_A_CORE = 4;

/** A screener for the command in workspaces of its own; without a warm one for its runner, the command itself screens. */
export async function screenerFor(
  baseline: Baseline,
  snapshot: TreeSnapshot,
  command: readonly string[],
  verifier: OpenVerifier,
  signal: AbortSignal,
): Promise<Screener> {
  const workspaces = openWorkspaces(snapshot, verifier.sandbox);
  const cores = availableParallelism();
  const count = verifier.sandbox.overlays ? WORKSPACES_A_CORE * cores : 1;
  const opened = await Promise.all(Array.from({ length: count }, () => workspaces.open([])));
  let turn = 0;
  const screener = await openScreener({
    snapshot,
    dir: opened[0]!.root,
    folder: snapshot.folder,
    command,
    baseline,
    concurrency: cores,
    confine: (argv) => opened[turn++ % count]!.wrap(argv).argv,
    env: { ...checkEnvironment(), ...opened[0]!.env },
    signal,
    fallback: (change, stop) => byCommand(change, baseline, verifier, stop),
  }).catch(async (error) => {
    await workspaces.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await screener.close();
    await workspaces.close();
  };
  return { ...bound(screener), close };
}

/** What the user's own command says, in the screener's words. */
async function byCommand(
  change: ChangeSet,
  baseline: Baseline,
  verifier: OpenVerifier,
  signal: AbortSignal,
): Promise<Screening> {
  const timeLimitMs = 5_000 + 5 * baseline.ms;
  const { status, fixed, broken } = await verifier.verify(change, baseline, { signal, timeLimitMs });
  const verdict = status === 'passed' ? 'pass' : status === 'timed_out' ? 'hang' : 'fail';
  return { verdict, fixed: fixed?.length ?? 0, broken: broken?.length ?? 0 };
}

function bound(screener: Screener): Omit<Screener, 'close'> {
  return {
    kind: screener.kind,
    targets: screener.targets,
    screen: (change, signal) => screener.screen(change, signal),
    coverage: (signal) => screener.coverage(signal),
    behaviour: (change, signal) => screener.behaviour(change, signal),
  };
}
