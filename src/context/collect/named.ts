import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import { isInside } from '../../platform/files.ts';
import { factsOf, realPath } from './facts.ts';
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
  /** Names that mean more files than are taken, and how many are. */
  readonly cut: ReadonlyArray<{ readonly path: string; readonly why: string }>;
}

const MOST_OF_A_GLOB = 200;
const MOST_FILES = 400;

/** Finds the files that names and globs mean; a name may bring in an ignored file, never a secret or one outside. */
export function findNamed(root: string, listing: Listing, names: readonly string[]): Named {
  const paths = new Set<string>();
  const extra = new Map<string, ListedFile>();
  const refused = new Map<string, string>();
  const notFound: string[] = [];
  const cut: { path: string; why: string }[] = [];
  const listed = new Set(names.length > 0 ? listing.files.map(({ path }) => path) : []);
  for (const name of names) {
    const target = targetOf(root, name);
    const path = relative(root, target).split(sep).join('/');
    if (listed.has(path)) paths.add(path);
    else if (listing.refused.has(path)) refused.set(path, listing.refused.get(path)!);
    else if (isInside(root, target) && path !== '') {
      const outcome = byName(root, path);
      if (typeof outcome === 'string') refused.set(path, outcome);
      else if (outcome) {
        extra.set(path, outcome);
        paths.add(path);
      } else {
        const matching = byGlob(listing, path);
        const taken = matching.slice(0, MOST_OF_A_GLOB);
        for (const match of taken) paths.add(match);
        if (taken.length < matching.length)
          cut.push({ path: name, why: `${taken.length} of ${matching.length} files taken` });
        if (matching.length === 0) notFound.push(name);
      }
    } else refused.set(name, 'outside of the workspace');
  }
  const taken = [...paths].slice(0, MOST_FILES);
  for (const path of [...paths].slice(MOST_FILES)) {
    cut.push({ path, why: `more than ${MOST_FILES} files are named` });
    extra.delete(path);
  }
  return { paths: taken, extra: [...extra.values()], refused, notFound, cut };
}

/** The absolute path that a name means; one that reaches the workspace through a link is told by the real folder. */
function targetOf(root: string, name: string): string {
  const target = resolve(root, name);
  if (isInside(root, target)) return target;
  const folder = realPath(dirname(target));
  return folder === null ? target : join(folder, basename(target));
}

/** A file on disk that is not listed: its facts, a reason to refuse it, or `null` where there is none. */
function byName(root: string, path: string): ListedFile | string | null {
  const found = factsOf(join(root, path));
  if (!found || found.isDirectory()) return null;
  const target = realPath(join(root, path));
  if (target === null) return 'a link that leads nowhere';
  if (!isInside(root, target)) return 'a link that leads out of the workspace';
  const real = relative(root, target).split(sep).join('/');
  const own = ownRules(root);
  const isExcluded = [path, real].some((one) => one !== '' && own?.ignores(one));
  const reason = secretByName(path) ?? secretByName(real) ?? (isExcluded ? 'excluded by .maestroignore' : null);
  if (reason) return reason;
  if (!found.isFile()) return found.isSymbolicLink() ? `a link; name ${real} instead` : 'not a regular file';
  return { path, size: found.size, mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs };
}

function byGlob(listing: Listing, glob: string): string[] {
  const rules = ignore({ allowRelativePaths: true }).add(`/${glob}`);
  return listing.files.map(({ path }) => path).filter((path) => rules.ignores(path));
}
