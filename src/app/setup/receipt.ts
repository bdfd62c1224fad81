import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { atomicWrite } from '../../platform/files.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { stateFolder } from '../../platform/state-folder.ts';

const receipt = z.object({
  file: z.string(),
  /** Whether there was a file before. */
  existed: z.boolean(),
  /** Folders that were made for it, outermost first. */
  folders: z.array(z.string()),
  /** SHA-256 of the file as it was left. */
  left: z.string(),
  /** The one place that was changed: where, what is there now (its length), and what was there. */
  at: z.number(),
  added: z.number(),
  removed: z.string(),
});

/** How to undo what was done to one file: the part that was changed, and nothing else of it. */
export type Receipt = z.output<typeof receipt>;

type Env = Readonly<Record<string, string | undefined>>;

/** What turns `after` back into `before`; null: there was no file. */
export function receiptFor(file: string, before: string | null, after: string, folders: readonly string[]): Receipt {
  const old = before ?? '';
  const most = Math.min(old.length, after.length);
  let at = 0;
  while (at < most && old[at] === after[at]) at++;
  let same = 0;
  while (same < most - at && old.at(-1 - same) === after.at(-1 - same)) same++;
  return {
    file,
    existed: before !== null,
    folders: [...folders],
    left: digest(after),
    at,
    added: after.length - same - at,
    removed: old.slice(at, old.length - same),
  };
}

/** The text as it was before, or null for no file; undefined when the file is no longer as it was left. */
export function undone({ existed, left, at, added, removed }: Receipt, text: string): string | null | undefined {
  if (digest(text) !== left) return undefined;
  return existed ? text.slice(0, at) + removed + text.slice(at + added) : null;
}

/** The receipt of a file, if there is one that can be read. */
export function readReceipt(file: string, env: Env): Receipt | null {
  try {
    const found = receipt.safeParse(JSON.parse(readFileSync(placeOf(file, env), 'utf8')));
    return found.success && found.data.file === file ? found.data : null;
  } catch {
    return null;
  }
}

/** Keeps a receipt in the state folder until the file is restored. */
export async function keepReceipt(kept: Receipt, env: Env): Promise<void> {
  const place = placeOf(kept.file, env);
  makeFolder(join(stateFolder(env), 'setup'));
  await atomicWrite(place, `${JSON.stringify(kept)}\n`);
}

/** Forgets the receipt of a file. */
export function dropReceipt(file: string, env: Env): void {
  rmSync(placeOf(file, env), { force: true });
}

function placeOf(file: string, env: Env): string {
  return join(stateFolder(env), 'setup', `${digest(file).slice(0, 32)}.json`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
