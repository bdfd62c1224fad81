import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isInside } from '../../platform/files.ts';
import { type Candidates, findCandidates } from './candidates.ts';
import { behindLinks, factsOf, realPath } from './facts.ts';
import { secretByName } from './refusals.ts';

/** A regular file of the workspace: path relative to its root with `/`, and what tells that it changed. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** What may be looked at, sorted by path, and what may not, with the reason. */
export interface Listing {
  readonly files: readonly ListedFile[];
  readonly refused: ReadonlyMap<string, string>;
  /** Tracked paths that are not on disk: a sparse checkout, or deleted. */
  readonly absent: number;
  readonly repository: boolean;
  /** The walk of a folder without git stopped at its limit. */
  readonly truncated: boolean;
}

/** Lists the files under `root` (a real path): as git knows them with what is untracked and not ignored, or by walking. */
export async function listWorkspace(root: string, signal: AbortSignal): Promise<Listing> {
  return new Lister(root, await findCandidates(root, signal)).list();
}

/** Whether the rules of `.maestroignore` exclude a path. */
export function ownRules(root: string): Ignore | null {
  try {
    return ignore().add(readFileSync(join(root, '.maestroignore'), 'utf8'));
  } catch {
    return null;
  }
}

/** What of candidates is needed to look at them. */
type Looked = Pick<Candidates, 'source' | 'paths'> & { readonly truncated?: boolean };

/** In place of the size of a file, why there is none. */
const ABSENT = -1;
const IGNORED = -2;
const REFUSALS = new Map([
  [-3, 'behind a folder that is a link'],
  [-4, 'a link that leads nowhere'],
  [-5, 'a link that leads out of the workspace'],
]);
const [BEHIND_LINK, LEADS_NOWHERE, LEADS_OUT] = [...REFUSALS.keys()] as [number, number, number];

/** Looks at candidates, again and again as long as these are what may be listed; their names are judged once. */
export class Lister {
  readonly #root: string;
  readonly #source: Looked;
  readonly #isBehindLink: (path: string) => boolean;
  readonly #named = new Map<string, string>();
  readonly #paths: string[] = [];
  #last: { readonly facts: Float64Array; readonly listing: Listing } | undefined;

  constructor(root: string, candidates: Looked) {
    this.#root = root;
    this.#source = candidates;
    this.#isBehindLink = behindLinks(root);
    const own = ownRules(root);
    for (const path of new Set(candidates.paths)) {
      const reason = secretByName(path) ?? (own?.ignores(path) ? 'excluded by .maestroignore' : null);
      if (reason) this.#named.set(path, reason);
      else this.#paths.push(path);
    }
  }

  /** The listing as it is now: the one of before, itself, when every file is as it was. */
  list(): Listing {
    const facts = this.#look();
    if (this.#last && isSame(facts, this.#last.facts)) return this.#last.listing;
    const listing = this.#listingOf(facts);
    this.#last = { facts, listing };
    return listing;
  }

  /** Size, time of the last change of content, and of the last change, for each path. */
  #look(): Float64Array {
    const facts = new Float64Array(this.#paths.length * 3);
    for (let i = 0; i < this.#paths.length; i++) {
      const path = this.#paths[i]!;
      const found = factsOf(`${this.#root}/${path}`);
      if (!found) facts[i * 3] = ABSENT;
      else if (this.#isBehindLink(path)) facts[i * 3] = BEHIND_LINK;
      else if (found.isSymbolicLink()) facts[i * 3] = linkProblem(this.#root, path) ?? IGNORED;
      else if (!found.isFile()) facts[i * 3] = IGNORED;
      else {
        facts[i * 3] = found.size;
        facts[i * 3 + 1] = found.mtimeMs;
        facts[i * 3 + 2] = found.ctimeMs;
      }
    }
    return facts;
  }

  #listingOf(facts: Float64Array): Listing {
    const files: ListedFile[] = [];
    const refused = new Map(this.#named);
    let absent = 0;
    this.#paths.forEach((path, i) => {
      const size = facts[i * 3]!;
      if (size >= 0) files.push({ path, size, mtimeMs: facts[i * 3 + 1]!, ctimeMs: facts[i * 3 + 2]! });
      else if (size === ABSENT) absent++;
      else if (size !== IGNORED) refused.set(path, REFUSALS.get(size)!);
    });
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const { source, truncated = false } = this.#source;
    return { files, refused, absent, repository: source === 'git', truncated };
  }
}

/** Why a link must not be followed; one that stays inside leads to a file that is listed itself. */
function linkProblem(root: string, path: string): number | null {
  const real = realPath(join(root, path));
  if (real === null) return LEADS_NOWHERE;
  return isInside(root, real) ? null : LEADS_OUT;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
