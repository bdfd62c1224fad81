import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../platform/make-folder.ts';
import { makeTempDir, removeTempDir } from '../../platform/temp.ts';

/** Where the index of a workspace is; a temporary folder goes with `dispose`. */
export interface IndexFolder {
  readonly path: string;
  readonly temporary: boolean;
  dispose(): Promise<void>;
}

/** The folder `key` in `indexes`; where nothing can be written there, a temporary one for this pack, and `warn` is told. */
export function indexFolder(indexes: string, key: string, warn: (line: string) => void): IndexFolder {
  const path = join(indexes, key);
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    return { path, temporary: false, dispose: async () => {} };
  } catch (error) {
    warn(`the index cannot be kept in ${path} (${(error as NodeJS.ErrnoException).code}); it is built for this once`);
    const temporary = makeTempDir('index');
    return { path: temporary, temporary: true, dispose: () => removeTempDir(temporary) };
  }
}
