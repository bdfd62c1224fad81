import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const MOST_BYTES = 2 * 1024 ** 3;
const MOST_WORKSPACES = 64;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Keeps the indexes of all workspaces within bounds: those not used for longest go first, never the one in use.
 * `used` is marked as used now, at most once a day.
 */
export function pruneIndexes(
  indexes: string,
  used: string,
  now = Date.now(),
  mostBytes = MOST_BYTES,
  mostWorkspaces = MOST_WORKSPACES,
): void {
  const own = statSync(join(indexes, used));
  if (now - own.mtimeMs < DAY_MS && own.mtimeMs !== own.birthtimeMs) return;
  utimesSync(join(indexes, used), new Date(now), new Date(now));
  const known = readdirSync(indexes, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, ...sizeOf(join(indexes, name)) }))
    .sort((a, b) => b.usedAt - a.usedAt);
  let bytes = 0;
  known.forEach(({ name, size }, i) => {
    bytes += size;
    if (name !== used && (bytes > mostBytes || i >= mostWorkspaces))
      rmSync(join(indexes, name), { recursive: true, force: true });
  });
}

function sizeOf(folder: string): { size: number; usedAt: number } {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return { size: 0, usedAt: 0 };
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return { size: sizes.reduce((sum, size) => sum + size, 0), usedAt: found.mtimeMs };
}
