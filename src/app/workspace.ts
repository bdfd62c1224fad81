import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { projectRoot } from '../platform/project-root.ts';

/** Where a call is about, both real paths. */
export interface Workspace {
  /** What is packed, watched and tested. */
  readonly folder: string;
  /** Whose workflow, budget and figures they are: the top of the repository that holds the folder, else the folder. */
  readonly project: string;
}

/** The workspace a call is about: what it names, relative to `cwd`, else `cwd`. Throws `workspace_missing`. */
export async function workspaceOf(named: string | undefined, cwd: string): Promise<Workspace> {
  const path = resolve(cwd, named ?? '.');
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return { folder, project: projectRoot(folder) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  throw new MaestroError(
    'workspace_missing',
    `there is no folder ${path}`,
    'give workspace: the absolute path of the project you are working on',
  );
}
