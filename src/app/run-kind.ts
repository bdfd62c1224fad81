import type { Run } from '../domain/ports.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import type { Store } from '../store/open.ts';
import type { Workspace } from './workspace.ts';

/** What work on a stored request has at hand, in whatever process takes it up. */
export interface RunSurroundings extends Workspace {
  readonly store: Store;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workflowId: string;
  readonly progress: (message: string) => void;
  readonly warn: (line: string) => void;
}

/**
 * A kind of durable work: one file in `run-kinds/`. All it needs is in the stored request, so that any process can take it
 * up when its owner is gone. Requests and results are JSON.
 */
export interface RunKind {
  readonly kind: string;
  work(run: Run, request: unknown, surroundings: RunSurroundings): Promise<unknown>;
  /** Whether an identical call is given this result instead of doing the work again. */
  isReusable(result: unknown): boolean;
}

let loaded: Promise<ReadonlyMap<string, RunKind>> | undefined;

/** Every kind by its name, by listing their folder. */
export function runKinds(): Promise<ReadonlyMap<string, RunKind>> {
  loaded ??= loadDefinitions<RunKind>(new URL('./run-kinds/', import.meta.url), 'kind').then(
    (kinds) => new Map(kinds.map((kind) => [kind.kind, kind])),
  );
  return loaded;
}
