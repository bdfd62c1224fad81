import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../domain/ports.ts';
import { isInside } from '../platform/files.ts';
import { refusal } from '../platform/patch-names.ts';
import { listTree } from './list-tree.ts';
import { readText } from './snapshot.ts';

/** The user's tree as it is when it is read: nothing is copied, nothing is written. */
export type LiveTree = Pick<Snapshot, 'root' | 'read'> & {
  /** Files of the tree, sorted, `/` separators; listed when first asked for. */
  files(): Promise<readonly string[]>;
};

/** The tree at a real path. What lies outside it, also by a link, reads as `null`. */
export function liveTree(root: string, signal: AbortSignal): LiveTree {
  let listed: Promise<readonly string[]> | undefined;
  return {
    root,
    files: () => {
      listed ??= listTree(root, signal).then(({ files }) => files);
      return listed;
    },
    read: async (path) => {
      if (refusal(path) !== null) return null;
      const real = await realpath(join(root, path)).catch(() => null);
      return real !== null && isInside(root, real) ? readText(real).catch(() => null) : null;
    },
  };
}
