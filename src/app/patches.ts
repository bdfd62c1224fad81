import type { Snapshot } from '../domain/ports.ts';
import type { Patches } from '../flows/fix-contract.ts';
import { readPatch, renderPatch } from '../platform/patch.ts';
import { withoutEachHunk } from '../platform/patch-shrink.ts';

/** Patches against a snapshot: each file is read once, when a patch first names it. */
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
    parse: (text) => withTexts((read) => readPatch(text, read)),
    render: (change) => withTexts((read) => renderPatch(change, read)),
    withoutEachHunk: (change) => withTexts((read) => withoutEachHunk(change, read)),
  };
}
