import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { MaestroError } from '../../domain/errors.ts';

/** The real path of a folder to pack from. Throws `workspace_missing` or `workspace_unreadable`. */
export function workspaceRoot(folder: string): string {
  try {
    const root = realpathSync(folder);
    if (statSync(root).isDirectory()) return root;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new MaestroError(
        'workspace_unreadable',
        `${folder} cannot be read: ${(error as Error).message}`,
        'Check its permissions.',
      );
    }
  }
  throw new MaestroError('workspace_missing', `${folder} is no folder`, 'Name an existing folder.');
}

/** A name for what belongs to one workspace in the state folder. */
export function workspaceKey(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 24);
}
