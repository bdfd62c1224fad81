import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type Store } from '../../src/store/open.ts';

/** A folder of its own for this test, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new state file of its own for this test. */
export function stateFile(): string {
  return join(temporaryFolder(), 'state.db');
}

/** The store, closed when the test ends. */
export async function opened(file: string = stateFile()): Promise<Store> {
  const store = await openStore(file);
  onTestFinished(() => store.close());
  return store;
}
