import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '../../platform/files.ts';
import { factsOf } from '../collect/facts.ts';

/** Past commits, newest first: the words of their messages (hashes) and the files they changed. */
export interface History {
  readonly head: string;
  readonly commits: ReadonlyArray<readonly [terms: readonly number[], files: readonly string[]]>;
}

export const NO_HISTORY: History = { head: '', commits: [] };

const MOST_REMEMBERED = 8;
/** What this process read or wrote last in each folder, with what its file was like then. */
const remembered = new Map<string, { readonly history: History; readonly file: string }>();

/** The history that is kept in a folder; none where nothing is that can be read. */
export function readKept(folder: string): History {
  const earlier = remembered.get(folder);
  const file = lookOf(folder);
  if (earlier?.file === file && file !== '') return earlier.history;
  const kept = read(folder);
  remember(folder, kept, file);
  return kept;
}

/** Keeps a history. The folder may be deleted at any moment: what is not kept is read from git again. */
export async function keep(folder: string, history: History): Promise<History> {
  await atomicWrite(pathIn(folder), JSON.stringify(history)).catch(() => undefined);
  remember(folder, history, lookOf(folder));
  return history;
}

function read(folder: string): History {
  try {
    const kept = JSON.parse(readFileSync(pathIn(folder), 'utf8')) as History;
    return typeof kept.head === 'string' && Array.isArray(kept.commits) ? kept : NO_HISTORY;
  } catch {
    return NO_HISTORY;
  }
}

function remember(folder: string, history: History, file: string): void {
  remembered.delete(folder);
  remembered.set(folder, { history, file });
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MOST_REMEMBERED) return;
    remembered.delete(oldest);
  }
}

function lookOf(folder: string): string {
  const found = factsOf(pathIn(folder));
  return found ? `${found.ino} ${found.size} ${found.ctimeMs}` : '';
}

function pathIn(folder: string): string {
  return join(folder, 'history.json');
}
