import type { Candidate } from '../domain/candidate.ts';
import { type ChangeSet, changeSet } from '../domain/change.ts';
import { MaestroError } from '../domain/errors.ts';
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
 * Files that cannot be put where they should be come back as the patch that does not apply, to whose parsing the reason is left;
 * two names of one file throw `bad_candidates`.
 */
export function candidatesIn(tree: CandidateTree): {
  readonly parse: Patches['parse'];
  readonly withFiles: (candidate: Candidate) => Promise<Candidate>;
} {
  const below = tree.folder.replaceAll('\\', '/');
  const fromTop = async (path: string): Promise<string> => {
    if (below === '') return path;
    const inFolder = `${below}/${path}`;
    if (await tree.has(inFolder)) return inFolder;
    return path.startsWith(`${below}/`) || (await tree.has(path)) ? path : inFolder;
  };
  const moved = (paths: readonly string[]): Promise<readonly Moved[]> =>
    Promise.all(paths.map(async (given) => ({ given, path: await fromTop(given) })));
  const patches = patchesOf({ read: async (path) => tree.read(await fromTop(path)) });
  return {
    parse: async (text) => {
      const parsed = await patches.parse(text);
      if (!parsed.ok) return parsed;
      const paths = await moved(parsed.change.map(({ path }) => path));
      const change = changeSet(parsed.change.map((one, index) => ({ ...one, path: paths[index]!.path })));
      const problem = oneFile(paths) ?? (await obstacleTo(change, tree));
      return problem === null ? { ok: true, change } : { ok: false, problem };
    },
    withFiles: async ({ files, ...candidate }) => {
      if (files === undefined) return candidate;
      const given = Object.entries(files).map(([path, content]) => ({ path, content }));
      const paths = await moved(Object.keys(files));
      const twice = oneFile(paths);
      if (twice !== null) throw refused(candidate.id, twice);
      const inTree = given.map((one, index) => ({ ...one, path: paths[index]!.path }));
      if ((await obstacleTo(inTree, tree)) !== null)
        return { ...candidate, patch: await patches.render(changeSet(given)) };
      return { ...candidate, files: Object.fromEntries(inTree.map(({ path, content }) => [path, content])) };
    },
  };
}

interface Moved {
  readonly given: string;
  readonly path: string;
}

/** Which two names lead to the same file, in words; null where none do. */
function oneFile(paths: readonly Moved[]): string | null {
  const names = new Map<string, string>();
  for (const { given, path } of paths) {
    const earlier = names.get(path);
    if (earlier !== undefined) return `${JSON.stringify(earlier)} and ${JSON.stringify(given)} are the same file`;
    names.set(path, given);
  }
  return null;
}

/** The file that another one would have to lie below, in words; null where there is none. */
async function obstacleTo(change: ChangeSet, { has }: CandidateTree): Promise<string | null> {
  const contents = new Map(change.map(({ path, content }) => [path, content]));
  for (const { path } of change.filter(({ content }) => content !== null)) {
    for (const above of foldersOf(path)) {
      const left = contents.get(above);
      if (left === undefined ? await has(above) : left !== null)
        return `${path}: ${above} is a file or a link, and no folder`;
    }
  }
  return null;
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function refused(id: string, problem: string): MaestroError {
  return new MaestroError('bad_candidates', `files of candidate '${id}': ${problem}`, 'name each file once');
}
