import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeSet } from '../domain/change.ts';
import type { Sandbox } from '../platform/sandbox.ts';
import { openCopies } from './copied-workspace.ts';
import { openLayers } from './layered-workspace.ts';
import type { TreeSnapshot } from './snapshot.ts';

/** The tree with one change applied, for one run. Nothing that happens in it is seen by another. */
export interface Workspace {
  /** The root of the tree as the command sees it: the user's own path where a sandbox can show it there. */
  readonly root: string;
  /** Where the command runs, as it sees it. */
  readonly cwd: string;
  /** An empty folder outside the tree, at the same path for us and for the command. */
  readonly reportDir: string;
  /** Variables that a command in it needs instead of the user's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Where a path of the tree can be looked up from outside: in the workspace, or where it is shared from. */
  locate(path: string): string | null;
  wrap(argv: readonly string[]): { readonly argv: string[]; readonly cwd: string };
  close(): Promise<void>;
}

/** Hands out workspaces of one snapshot; safe to call concurrently. */
export interface Workspaces {
  /** Throws `bad_candidates` when the change leads out of the tree, `disk_full` when it can't be written. */
  open(change: ChangeSet): Promise<Workspace>;
  close(): Promise<void>;
}

/**
 * Workspaces made the cheapest way that is safe here: a layer over the snapshot where the sandbox has overlays, else
 * copies that are kept and put right between two runs. Nothing is ever hard-linked.
 */
export function openWorkspaces(snapshot: TreeSnapshot, sandbox: Sandbox): Workspaces {
  return sandbox.overlays ? openLayers(snapshot, sandbox) : openCopies(snapshot, sandbox);
}

/** Folders of the original tree to be seen below `snapshot.root`, never to be written: dependencies, and history where that is safe. */
export function sharedFolders(snapshot: TreeSnapshot, sandbox: Sandbox): string[] {
  const history =
    sandbox.holds.writes && lstatSync(join(snapshot.root, '.git'), { throwIfNoEntry: false })?.isDirectory();
  return [...snapshot.dependencies, ...(sandbox.overlays ? snapshot.bulky : []), ...(history ? ['.git'] : [])]
    .map((path) => join(snapshot.root, path))
    .filter((path) => existsSync(path));
}
