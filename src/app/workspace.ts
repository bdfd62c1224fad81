import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MaestroError } from '../domain/errors.ts';

/** The real path of the workspace a call is about: what it names, relative to `cwd`, else `cwd`. Throws `workspace_missing`. */
export async function workspaceOf(named: string | undefined, cwd: string): Promise<string> {
  const path = resolve(cwd, named ?? '.');
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
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
