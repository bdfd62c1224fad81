import type { Candidate } from '../domain/candidate.ts';
import { changeSet } from '../domain/change.ts';
import type { Patches } from '../flows/fix-contract.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import { patchesOf } from './patches.ts';

type Tree = Pick<TreeSnapshot, 'read' | 'files' | 'folder'>;

/**
 * Candidates as they stand in a snapshot of the whole repository: whoever made them for one of its folders counts paths from
 * there, and git counts them from the top. A path is of the folder where it leads to a file from there, or from nowhere.
 */
export function candidatesIn(tree: Tree): {
  readonly parse: Patches['parse'];
  readonly withFiles: (candidate: Candidate) => Candidate;
} {
  const known = new Set(tree.files);
  const below = tree.folder.replaceAll('\\', '/');
  const fromTop = (path: string): string => {
    const inFolder = `${below}/${path}`;
    const isOfTop = below === '' || path.startsWith(`${below}/`) || (!known.has(inFolder) && known.has(path));
    return isOfTop ? path : inFolder;
  };
  const patches = patchesOf({ read: (path) => tree.read(fromTop(path)) });
  return {
    parse: async (text) => {
      const parsed = await patches.parse(text);
      if (!parsed.ok) return parsed;
      return { ok: true, change: changeSet(parsed.change.map((one) => ({ ...one, path: fromTop(one.path) }))) };
    },
    withFiles: ({ files, ...candidate }) =>
      files === undefined
        ? candidate
        : {
            ...candidate,
            files: Object.fromEntries(Object.entries(files).map(([path, content]) => [fromTop(path), content])),
          },
  };
}
