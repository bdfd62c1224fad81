import { mkdtempSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree, removeTreeNow } from './files.ts';
import { IDENTITY_PATTERN, isGone, ownIdentity } from './process-identity.ts';
import { whenEnding } from './when-ending.ts';

const NAME = new RegExp(`^maestro-[a-z0-9-]+?\\.(${IDENTITY_PATTERN})\\.[A-Za-z0-9]{6}$`);

const ours = new Set<string>();
let hooked = false;

/**
 * Creates a folder for this process alone, with its real path, under the system's folder for temporary files. Its name
 * says what it is for (small letters, digits, `-`) and which process owns it. It is removed when the process exits.
 */
export function makeTempDir(purpose: string): string {
  if (!/^[a-z0-9-]+$/.test(purpose)) throw new TypeError(`not a purpose: ${JSON.stringify(purpose)}`);
  if (!hooked) {
    process.once('exit', () => ours.forEach(removeTreeNow));
    whenEnding('folders', removeAllTempDirs);
  }
  hooked = true;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `maestro-${purpose}.${ownIdentity()}.`));
  ours.add(folder);
  return folder;
}

const leaving = new Map<string, Promise<void>>();

/** Removes one folder of `makeTempDir`, read-only contents included. */
export function removeTempDir(folder: string): Promise<void> {
  const removed =
    leaving.get(folder) ??
    removeTree(folder)
      .then(() => void ours.delete(folder))
      .finally(() => leaving.delete(folder));
  leaving.set(folder, removed);
  return removed;
}

/**
 * Removes one folder while its user goes on, who has no more use for it. Whatever ends this process waits for it, or removes
 * what is left; after a kill the next start does.
 */
export function dropTempDir(folder: string): void {
  removeTempDir(folder).catch(() => {});
}

/** Removes every folder this process made and still has; one that cannot be removed is left to the next start. */
export async function removeAllTempDirs(): Promise<void> {
  await Promise.allSettled([...ours].map(removeTempDir));
}

/**
 * Removes the folders of processes that are certainly over, under `parent`; those of living processes, of this one,
 * and of other machines' processes stay. What cannot be removed stays too. Returns how many were removed.
 */
export async function sweepTempDirs(parent: string = tmpdir()): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  const dead = names.filter((name) => {
    const owner = NAME.exec(name)?.[1];
    return owner !== undefined && owner !== ownIdentity() && isGone(owner);
  });
  const swept = await Promise.allSettled(dead.map((name) => removeTree(join(parent, name))));
  return swept.filter(({ status }) => status === 'fulfilled').length;
}
