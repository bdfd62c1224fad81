import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempDir } from '../../platform/temp.ts';
import type { PrivateFolders } from './dialect.ts';

/** Makes the folders of one ask, for this user only. Their root is swept at a later start if this process is killed. */
export async function makePrivateFolders(id: string, system: string): Promise<PrivateFolders> {
  const root = makeTempDir(`ask-${id}`);
  const folders = {
    root,
    home: join(root, 'home'),
    cwd: join(root, 'cwd'),
    tmp: join(root, 'tmp'),
    system: join(root, 'system.md'),
  };
  for (const folder of [folders.home, folders.cwd, folders.tmp]) await mkdir(folder, { mode: 0o700 });
  await writeFile(folders.system, system, { mode: 0o600 });
  return folders;
}
