import { statSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf } from './facts.ts';
import { git } from './git.ts';
import { gitFoldersOf } from './git-folders.ts';
import { type Walked, walk } from './walk.ts';

/** Paths relative to the root that may be listed, before anything was looked at: from git, or by walking. */
export type Candidates = GitListing | Walked;

/** What git lists. */
export interface GitListing {
  readonly source: 'git';
  readonly paths: readonly string[];
  /** The repository (`''`) and the submodules checked out in it. */
  readonly repositories: readonly string[];
  /** Repositories in the tree that are no submodules: nothing of them is listed. */
  readonly nested: readonly string[];
}

const SUBMODULE_DEPTH = 5;
/** An entry of the index, as against the bare path of a file git does not track. */
const TRACKED = /^(\d{6}) [0-9a-f]{40,64} \d\t/;
const SUBMODULE = '160000';

/** As git knows them with what is untracked and not ignored, or by walking. */
export async function findCandidates(root: string, signal: AbortSignal): Promise<Candidates> {
  const listed = gitFoldersOf(root) === 'none' ? null : await fromGit(root, '', signal, 0);
  return listed ?? walk(root);
}

/** Of one repository and of the submodules checked out in it; `null` where git knows nothing. */
async function fromGit(root: string, under: string, signal: AbortSignal, depth: number): Promise<GitListing | null> {
  const cwd = join(root, under);
  const listed = await git(cwd, ['ls-files', '-z', '--stage', '--others', '--exclude-standard'], signal);
  if (listed === null) return null;
  const prefix = under && `${under}/`;
  const paths: string[] = [];
  const repositories = [under];
  const nested: string[] = [];
  for (const entry of listed.split('\0')) {
    const tab = entry.indexOf('\t');
    const tracked = tab > 0 && TRACKED.test(entry);
    const path = prefix + (tracked ? entry.slice(tab + 1) : entry);
    if (!tracked || !entry.startsWith(SUBMODULE)) {
      if (entry.endsWith('/')) nested.push(path.slice(0, -1));
      else if (entry) paths.push(path);
    } else if (depth < SUBMODULE_DEPTH && isCheckedOut(join(root, path))) {
      const inner = await fromGit(root, path, signal, depth + 1);
      for (const one of inner?.paths ?? []) paths.push(one);
      repositories.push(...(inner?.repositories ?? []));
      nested.push(...(inner?.nested ?? [path]));
    }
  }
  return { source: 'git', paths, repositories, nested };
}

function isCheckedOut(folder: string): boolean {
  return (
    factsOf(folder)?.isDirectory() === true && statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined
  );
}
