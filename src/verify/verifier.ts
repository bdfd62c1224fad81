import { availableParallelism } from 'node:os';
import { join, posix } from 'node:path';
import type { ChangeSet } from '../domain/change.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Baseline, CheckRun } from '../domain/evidence.ts';
import type { CheckOptions, Verifier } from '../domain/ports.ts';
import { detectSandbox, type Sandbox } from '../platform/sandbox.ts';
import { type Guard, protectedPaths } from './protected-files.ts';
import { runChecks, type ScopedRun } from './run-checks.ts';
import { isStandIn, scriptsNamedBy } from './runners/index.ts';
import { openSlots } from './slots.ts';
import type { TreeSnapshot } from './snapshot.ts';
import { notRun, type Verification, weigh } from './weigh.ts';
import { openWorkspaces, type Workspaces } from './workspace.ts';

/** A verifier and the end of it. */
export interface OpenVerifier extends Verifier {
  readonly sandbox: Sandbox;
  /** What no change may touch. */
  readonly guard: Guard;
  verify(change: ChangeSet, baseline: Baseline, options: CheckOptions): Promise<Verification>;
  /** Removes every workspace; the snapshot stays, it is its maker's. */
  close(): Promise<void>;
}

export interface VerifierSettings {
  readonly snapshot: TreeSnapshot;
  /** The user's command: program and arguments. */
  readonly command: readonly string[];
  /** Globs of files that no change may touch, beside those always protected. */
  readonly protect?: readonly string[];
  /** How many runs at once; the number of cores by default. */
  readonly width?: number;
  /** The best that works here by default. */
  readonly sandbox?: Sandbox;
}

/** Below this a whole suite costs little more than the start of its runner: running the targets first would cost more than it saves. */
const TARGETS_FIRST_MS = 1_000;

/**
 * Runs `command` on changed copies of the snapshot, each run in a fresh workspace, at most `width` at once. Runs reject only
 * for a full disk; a change that can't be applied shows as `applies: false` in `verify` and throws `bad_candidates` in `run`.
 */
export async function createVerifier(settings: VerifierSettings): Promise<OpenVerifier> {
  const { snapshot, command, protect = [], width = availableParallelism() } = settings;
  const sandbox = settings.sandbox ?? (await detectSandbox());
  const workspaces = openWorkspaces(snapshot, sandbox);
  const inSlot = openSlots(width);
  const guard: Guard = { protect, dependencies: snapshot.dependencies, command: await namedScripts(snapshot, command) };
  const run = (change: ChangeSet, options: CheckOptions) =>
    inSlot(() => runOnce(command, snapshot, workspaces, change, options));
  return {
    ...{ snapshot, sandbox, guard, close: () => workspaces.close() },
    run: async (change, options): Promise<CheckRun> => (await run(change, options)).run,
    verify: async (change, baseline, { signal, timeLimitMs }) => {
      const guarded = protectedPaths(change, baseline, guard);
      if (guarded.length > 0)
        return notRun(baseline, {
          applies: true,
          problem: `touches protected files: ${guarded.join(', ')}`,
          protectedFiles: guarded,
        });
      return verifyInStages(run, change, baseline, { signal, timeLimitMs });
    },
  };
}

/** The scripts that the command runs, by their path in the tree. */
async function namedScripts({ dir, folder }: TreeSnapshot, command: readonly string[]): Promise<string[]> {
  const files = await scriptsNamedBy(command, join(dir, folder));
  return files.map((path) => posix.join(folder, path));
}

type RunChange = (change: ChangeSet, options: CheckOptions) => Promise<ScopedRun>;

async function verifyInStages(
  run: RunChange,
  change: ChangeSet,
  baseline: Baseline,
  options: CheckOptions,
): Promise<Verification> {
  try {
    if (paysToNarrow(baseline)) {
      const first = await run(change, { ...options, only: baseline.failing });
      const seen = weigh(first.run, baseline, first.scope);
      if (first.scope === 'everything' || seen.status !== 'passed') return seen;
    }
    return weigh((await run(change, options)).run, baseline, 'everything');
  } catch (error) {
    if (!(error instanceof MaestroError) || error.code !== 'bad_candidates') throw error;
    return notRun(baseline, { applies: false, problem: error.message, protectedFiles: [] });
  }
}

/** What stands for tests that could not run can't be run by itself. */
function paysToNarrow({ ms, failing, passing }: Baseline): boolean {
  return ms >= TARGETS_FIRST_MS && failing.length > 0 && passing.length > 0 && !failing.some(isStandIn);
}

async function runOnce(
  command: readonly string[],
  snapshot: TreeSnapshot,
  workspaces: Workspaces,
  change: ChangeSet,
  options: CheckOptions,
): Promise<ScopedRun> {
  const workspace = await workspaces.open(change);
  try {
    return await runChecks(command, workspace, { ...options, root: snapshot.root });
  } finally {
    await workspace.close();
  }
}
