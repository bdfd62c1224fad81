import type { FileChange } from '../domain/change.ts';
import type { Snapshot } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { holdsRedactions, restored } from '../domain/restore.ts';
import type { Patches } from '../flows/fix-contract.ts';
import { readPatch, renderPatch } from '../platform/patch.ts';
import { withoutEachHunk } from '../platform/patch-shrink.ts';

type Read = (path: string) => string | null;
type Parsed = Awaited<ReturnType<Patches['parse']>>;

/**
 * Of a patch made from redacted files, the change it stands for in the real ones. Where files hold the marks of redaction
 * themselves, the patch as it stands is what it stands for.
 */
function withSecrets(text: string, read: Read, direct: Parsed): Parsed {
  if (direct.ok && direct.change.every(({ path, content }) => marksOf(content) <= marksOf(read(path)))) return direct;
  const shown = readPatch(text, (path) => {
    const original = read(path);
    return original === null ? null : redact(original).text;
  });
  if (!shown.ok) return shown;
  const change: FileChange[] = [];
  for (const { path, content } of shown.change) {
    const whole = content === null ? null : restored(read(path) ?? '', content);
    if (content !== null && whole === null)
      return { ok: false, problem: `${path}: it changes a line that holds a secret, which was not shown` };
    change.push({ path, content: whole });
  }
  return { ok: true, change };
}

function marksOf(content: string | null): number {
  return content === null ? 0 : content.split('[redacted:').length - 1;
}

/** Patches against a snapshot, also those made from its redacted files: each file is read once, when a patch first names it. */
export function patchesOf(snapshot: Pick<Snapshot, 'read'>): Patches {
  const texts = new Map<string, string | null>();

  /** Runs `work` again as long as it asks for files that were not read yet. */
  async function withTexts<T>(work: (read: (path: string) => string | null) => T): Promise<T> {
    for (;;) {
      const missing = new Set<string>();
      const result = work((path) => {
        if (!texts.has(path)) missing.add(path);
        return texts.get(path) ?? null;
      });
      if (missing.size === 0) return result;
      for (const path of missing) texts.set(path, await snapshot.read(path));
    }
  }

  return {
    parse: (text) =>
      withTexts((read) => {
        const direct = readPatch(text, read);
        return holdsRedactions(text) ? withSecrets(text, read, direct) : direct;
      }),
    render: (change) => withTexts((read) => renderPatch(change, read)),
    withoutEachHunk: (change) => withTexts((read) => withoutEachHunk(change, read)),
  };
}
