import { type BigIntStats, lstatSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What git says of a folder: the working tree it lies in, and whether it is in a repository without one. */
export interface GitPlace {
  readonly root: string | null;
  readonly bare: boolean;
  /** Git said that neither the folder nor one above it is a repository; without that, no root may mean that git failed. */
  readonly outside?: boolean;
}

export type FindPlace = (dir: string, signal?: AbortSignal) => Promise<GitPlace>;

/** What a repository's configuration includes from elsewhere is not looked at: that may be so old. */
const MAX_AGE_MS = 60_000;
/** A second change within one tick of a clock leaves no trace, and some clocks tick every 2 s. */
const RACY_MS = 2_000;
const MAX_PLACES = 64;
/** What tells git where a working tree begins and whether there is one. */
const TELLING = [
  ...['.git', '.git/HEAD', '.git/config', '.git/config.worktree', '.git/commondir'],
  ...['HEAD', 'config', 'objects', 'refs'],
];

/**
 * `find`, asked once as long as nothing changes that a working tree is found by, from the folder up to its root, or up to `/`
 * outside of all repositories. A bare repository, a failure, a tree whose `.git` is a file, and what changed within the last 2 s
 * is asked for every time.
 */
export function rememberPlaces(find: FindPlace, now: () => number = Date.now): FindPlace {
  const known = new Map<string, { readonly place: GitPlace; readonly marks: string; readonly until: number }>();
  return async (dir, signal) => {
    const real = await realpath(dir).catch(() => null);
    const earlier = real === null ? undefined : known.get(real);
    if (earlier && now() < earlier.until && earlier.marks === marksOf(real!, topOf(earlier.place)).text)
      return earlier.place;
    if (real === null) return find(dir, signal);
    known.delete(real);
    const began = now();
    const before = marksOf(real, '/');
    const place = await find(dir, signal);
    const marks = marksOf(real, topOf(place));
    const isCalm = marks.newest < began - RACY_MS && before.text.startsWith(marks.text);
    if (isCalm && isPlain(place)) {
      if (known.size >= MAX_PLACES) known.clear();
      known.set(real, { place, marks: marks.text, until: began + MAX_AGE_MS });
    }
    return place;
  };
}

function topOf({ root }: GitPlace): string {
  return root ?? '/';
}

function isPlain({ root, outside = false }: GitPlace): boolean {
  return root === null ? outside : look(join(root, '.git'))?.isDirectory() === true;
}

/** Identity and time of change of everything telling, from a folder up to `root`; `newest` in ms since the epoch. */
function marksOf(dir: string, root: string): { readonly text: string; readonly newest: number } {
  let text = '';
  let newest = 0;
  for (let folder = dir; ; folder = dirname(folder)) {
    for (const name of TELLING) {
      const found = look(join(folder, name));
      text += found ? `${found.dev}:${found.ino}:${found.ctimeNs};` : '-;';
      if (found) newest = Math.max(newest, Number(found.ctimeMs));
    }
    if (folder === root || folder === dirname(folder)) return { text, newest };
  }
}

/** Undefined too where a file stands in the place of a folder. */
function look(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
