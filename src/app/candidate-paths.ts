import type { Candidate } from '../domain/candidate.ts';
import { changeSet } from '../domain/change.ts';
import type { Patches } from '../flows/fix-contract.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import { patchesOf } from './patches.ts';

/** As much of a tree as tells where a path leads: `has` is of its files by their path from the top, `folder` the one they were made for. */
export interface CandidateTree extends Pick<TreeSnapshot, 'read' | 'folder'> {
  readonly has: (path: string) => Promise<boolean>;
}

/**
 * Candidates as they stand in the tree of the whole repository: whoever made them for one of its folders counts paths from
 * there, and git counts them from the top. A path is of the folder where it leads to a file from there, or from nowhere.
 */
export function candidatesIn(tree: CandidateTree): {
  readonly parse: Patches['parse'];
  readonly withFiles: (candidate: Candidate) => Promise<Candidate>;
} {
  const below = tree.folder.replaceAll('\\', '/');
  const fromTop = async (path: string): Promise<string> => {
    const inFolder = `${below}/${path}`;
    if (below === '' || path.startsWith(`${below}/`)) return path;
    return !(await tree.has(inFolder)) && (await tree.has(path)) ? path : inFolder;
  };
  const patches = patchesOf({ read: async (path) => tree.read(await fromTop(path)) });
  return {
    parse: async (text) => {
      const parsed = await patches.parse(text);
      if (!parsed.ok) return parsed;
      const change = parsed.change.map(async (one) => ({ ...one, path: await fromTop(one.path) }));
      return { ok: true, change: changeSet(await Promise.all(change)) };
    },
    withFiles: async ({ files, ...candidate }) => {
      if (files === undefined) return candidate;
      const moved = Object.entries(files).map(async ([path, content]) => [await fromTop(path), content] as const);
      return { ...candidate, files: Object.fromEntries(await Promise.all(moved)) };
    },
  };
}
