import { lstatSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import { isInside } from '../../platform/files.ts';
import type { ListedFile, Listing } from './listing.ts';
import { ownRules } from './listing.ts';
import { secretByName } from './refusals.ts';

/** What the caller's names lead to. */
export interface Named {
  readonly paths: readonly string[];
  /** Files that only a name brings in: git ignores them, or the walk does. */
  readonly extra: readonly ListedFile[];
  readonly refused: ReadonlyMap<string, string>;
  readonly notFound: readonly string[];
}

const MOST_OF_A_GLOB = 200;

/** Finds the files that names and globs mean; a name may bring in an ignored file, never a secret or one outside. */
export function findNamed(root: string, listing: Listing, names: readonly string[]): Named {
  const paths = new Set<string>();
  const extra = new Map<string, ListedFile>();
  const refused = new Map<string, string>();
  const notFound: string[] = [];
  const listed = new Set(listing.files.map(({ path }) => path));
  for (const name of names) {
    const path = relative(root, resolve(root, name)).split(sep).join('/');
    if (listed.has(path)) paths.add(path);
    else if (listing.refused.has(path)) refused.set(path, listing.refused.get(path)!);
    else if (isInside(root, resolve(root, name)) && path !== '') {
      const outcome = byName(root, path);
      if (typeof outcome === 'string') refused.set(path, outcome);
      else if (outcome) {
        extra.set(path, outcome);
        paths.add(path);
      } else {
        const matching = byGlob(listing, path);
        for (const match of matching) paths.add(match);
        if (matching.length === 0) notFound.push(name);
      }
    } else refused.set(name, 'outside of the workspace');
  }
  return { paths: [...paths], extra: [...extra.values()], refused, notFound };
}

/** A file on disk that is not listed: its facts, a reason to refuse it, or `null` where there is none. */
function byName(root: string, path: string): ListedFile | string | null {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!found || found.isDirectory()) return null;
  if (!isInside(root, realpathSync(join(root, path)))) return 'a link that leads out of the workspace';
  const real = relative(root, realpathSync(join(root, path)))
    .split(sep)
    .join('/');
  const reason =
    secretByName(path) ?? secretByName(real) ?? (ownRules(root)?.ignores(path) ? 'excluded by .maestroignore' : null);
  if (reason) return reason;
  if (!found.isFile()) return found.isSymbolicLink() ? `a link; name ${real} instead` : 'not a regular file';
  return { path, size: found.size, mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs };
}

function byGlob(listing: Listing, glob: string): string[] {
  const rules = ignore({ allowRelativePaths: true }).add(`/${glob}`);
  return listing.files
    .map(({ path }) => path)
    .filter((path) => rules.ignores(path))
    .slice(0, MOST_OF_A_GLOB);
}
