import { createHash } from 'node:crypto';
import type { Json } from '../domain/json.ts';
import type { Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { createEngine, type Finished } from '../engine/local.ts';
import type { Store } from '../store/open.ts';
import { prune } from '../store/retention.ts';
import { type TreeSnapshot, takeSnapshot } from '../verify/snapshot.ts';
import { openState } from './state.ts';
import { VERSION } from './version.ts';

/** Work on the tree as it stands: the same kind and request on the same tree is the same work, and resumes. */
export interface TreeWork {
  readonly kind: string;
  readonly cwd: string;
  /** Everything that was asked for. */
  readonly request: unknown;
  /** What of it is kept beside the run, without secrets. */
  readonly kept: { readonly [name: string]: string | readonly string[] | null };
}

/** Where the work gets its signal and its environment from. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

/** What a run over a tree has at hand. */
export interface TreeRun {
  readonly store: Store;
  readonly snapshot: TreeSnapshot;
}

/**
 * Runs a flow durably over a snapshot of the tree, then `finish` with what came out, while snapshot and ledger are
 * still open. Throws what the flow, the engine, the store or the snapshot throw; everything is closed in the end.
 */
export async function runInTree<T, R>(
  { kind, cwd, request, kept }: TreeWork,
  { signal, env }: Surroundings,
  flow: (run: Run, tree: TreeRun) => Promise<T>,
  finish: (finished: Finished<T>, tree: TreeRun) => Promise<R>,
): Promise<R> {
  await using store = await openState(env);
  const snapshot = await takeSnapshot(cwd, { signal });
  try {
    const spec = {
      kind,
      key: keyOf(snapshot, request),
      workspace: snapshot.root,
      request: withoutSecrets(kept),
      signal,
    };
    const tree = { store, snapshot };
    const finished = await createEngine(store).start(spec, async (run) => (await flow(run, tree)) as Json);
    const result = await finish(finished as Finished<T & Json>, tree);
    // Growing a little longer is no reason to lose a result.
    await prune(store).catch(() => {});
    return result;
  } finally {
    await snapshot.dispose();
  }
}

/** This version (another one may propose in another order), the tree as it stands, the folder the user is in, and everything that was asked for. */
function keyOf({ fingerprint, folder }: TreeSnapshot, request: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([VERSION, fingerprint, folder, request]))
    .digest('hex');
}

function withoutSecrets(kept: TreeWork['kept']): Json {
  const clean = (text: string): string => redact(text).text;
  const entries = Object.entries(kept).map(([name, value]) => [
    name,
    typeof value === 'string' ? clean(value) : (value?.map(clean) ?? null),
  ]);
  return Object.fromEntries(entries);
}
