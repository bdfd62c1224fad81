import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { listFiles } from '../platform/git.ts';

/** Enough to notice any change of a tree that people work in; beyond, looking would cost more than it tells. */
const MAX_FILES = 50_000;
const MAX_MS = 2_000;
const A_TURN = 500;

/** What the files of a tree were at one moment (mode, size, time of change, place on the disk), and whether all were looked at. */
export interface TreeMarks {
  readonly marks: ReadonlyMap<string, string>;
  readonly complete: boolean;
}

/**
 * Marks of the files that git tracks or would track, without reading one: at most 50,000 files and two seconds. Null where
 * there is no git repository, or it cannot be listed.
 */
export async function markTree(root: string, signal: AbortSignal): Promise<TreeMarks | null> {
  const until = performance.now() + MAX_MS;
  const files = await listFiles(root, AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)])).catch(() => null);
  if (files === null) return null;
  const marks = new Map<string, string>();
  for (const [index, path] of files.slice(0, MAX_FILES).entries()) {
    if (index % A_TURN === 0) {
      if (performance.now() > until || signal.aborted) break;
      await setImmediate();
    }
    marks.set(path, markOf(lstatSync(join(root, path), { throwIfNoEntry: false })));
  }
  return { marks, complete: marks.size === files.length };
}

/** Paths that changed, came or went, sorted; where one side did not look at all, only what both looked at. */
export function differences(before: TreeMarks, after: TreeMarks): readonly string[] {
  const everything = before.complete && after.complete;
  return [...new Set([...before.marks.keys(), ...after.marks.keys()])]
    .filter((path) => everything || (before.marks.has(path) && after.marks.has(path)))
    .filter((path) => before.marks.get(path) !== after.marks.get(path))
    .sort();
}

function markOf(stats: Stats | undefined): string {
  return stats ? `${stats.mode}:${stats.size}:${stats.mtimeMs}:${stats.ino}` : 'gone';
}
