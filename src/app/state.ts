import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { reapOrphans, setProcessRegistry } from '../platform/process.ts';
import { stateFolder } from '../platform/state-folder.ts';
import { sweepTempDirs } from '../platform/temp.ts';
import type { Store } from '../store/open.ts';
import { openStore } from '../store/open.ts';

/**
 * Opens the ledger in the user's state folder. Processes and temporary folders that a killed Maestro left behind
 * are removed first, and this process's children are registered so that the same can be done for it.
 */
export async function openState(env: NodeJS.ProcessEnv): Promise<Store> {
  const folder = stateFolder(env);
  const processes = join(folder, 'processes');
  await Promise.all([reapOrphans(processes), sweepTempDirs()]);
  registerIn(folder, processes);
  const file = join(folder, 'maestro.db');
  makePrivate(file);
  return openStore(file);
}

function registerIn(folder: string, processes: string): void {
  try {
    setProcessRegistry(processes);
  } catch (cause) {
    const what = `the state folder ${folder} cannot be written (${(cause as NodeJS.ErrnoException).code})`;
    throw new MaestroError('store_unwritable', what, 'Set MAESTRO_HOME to a folder you may write to.', { cause });
  }
}

/** The ledger holds source code: it is its user's alone, also in a folder that others may read. What stands in the way, opening it will say. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch {}
}
