import { randomUUID } from 'node:crypto';
import { rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { IDENTITY_PATTERN, identityOf, isGone, ownIdentity, pidOf } from './process-identity.ts';
import { type Group, markedProcesses, send, sendToGroup } from './process-tree.ts';

/** Starts the marker of every group this process starts. */
export const OWNER_TOKEN: string = randomUUID();

let ownFolder: string | null = null;
const OWNER_FOLDER = new RegExp(`^(${IDENTITY_PATTERN})\\.([0-9a-f-]{36})$`);

/**
 * Says where live process groups are recorded, so that a later start can end those of a process that was killed.
 * Groups started before are not recorded. Creates the folder.
 */
export function setProcessRegistry(dir: string): void {
  if (ownFolder === null) process.once('exit', closeRegistry);
  ownFolder = join(dir, `${ownIdentity()}.${OWNER_TOKEN}`);
  makeFolder(ownFolder);
}

/** Records a group that has just started; returns what removes the record. A disk that refuses is no reason to fail. */
export function recordGroup({ pid }: Group): () => void {
  const identity = ownFolder === null ? null : identityOf(pid);
  if (ownFolder === null || identity === null) return () => {};
  const file = join(ownFolder, identity);
  quietly(() => writeFileSync(file, '', { mode: 0o600 }));
  return () => quietly(() => rmSync(file, { force: true }));
}

/** Removes this process's own folder of the registry when nothing is recorded in it: the next start would look for its children. */
function closeRegistry(): void {
  const folder = ownFolder;
  if (folder !== null) quietly(() => rmdirSync(folder));
}

/**
 * Kills the groups whose owner is gone: a recorded leader whose start time still matches, and on Linux every process
 * that carries the owner's marker. Never by name, never those of an owner that lives. Returns how many owners were swept.
 */
export async function reapOrphans(dir: string): Promise<number> {
  const owners = (await readdir(dir).catch(() => [])).map((name) => OWNER_FOLDER.exec(name)).filter((found) => !!found);
  const dead = owners.filter(([, identity]) => isGone(identity!));
  for (const [name, , token] of dead) {
    const folder = join(dir, name);
    for (const group of await readdir(folder).catch(() => [])) if (!isGone(group)) sendToGroup(pidOf(group), 'SIGKILL');
    for (const pid of markedProcesses(`${token}.`)) send(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
  return dead.length;
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The registry is a second line of defence: without it everything still works.
  }
}
