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

/**
 * The workspace a call is about: what it names, relative to `cwd`, else `cwd`. Throws `workspace_missing`, and
 * `workspace_unreadable` where it may not be looked at.
 */
export async function workspaceOf(named: string | undefined, cwd: string): Promise<Workspace> {
  const path = resolve(cwd, named ?? '.');
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return { folder, project: projectRoot(folder) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || !MEANS_NONE.includes(code))
      throw new MaestroError(
        'workspace_unreadable',
        `${short(path)} cannot be looked at (${code ?? (cause as Error).message})`,
        'make it readable for you, or give workspace: the absolute path of another folder',
        { cause },
      );
  }
  throw new MaestroError(
    'workspace_missing',
    `there is no folder ${short(path)}${path.includes('\ufffd') ? ' (a name that is not UTF-8 cannot be used)' : ''}`,
    'give workspace (at a terminal --cwd): the absolute path of the project you are working on',
  );
}

/** Nothing of that name can be there; the last is what Node says of a name that holds a NUL. */
const MEANS_NONE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'];
const MOST_SHOWN = 200;

function short(path: string): string {
  const shown = JSON.stringify(path).slice(1, -1);
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown;
}
