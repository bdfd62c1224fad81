import { findCandidates } from './candidates.ts';
import { gitOnPath } from './git-settings.ts';
import { type Kept, keep, readKept } from './kept-listing.ts';
import { Lister, type Listing } from './listing.ts';
import type { Marks } from './marks.ts';
import { marksOf } from './watch.ts';

const MOST_WORKSPACES = 8;

interface Remembered {
  readonly lister: Lister;
  readonly marks: Marks;
  readonly environment: string;
}

/**
 * What may be listed in the workspaces of this process, so that git is not asked and no folder is walked while nothing
 * changed by which other files would be listed. The files themselves are looked at every time.
 */
export class RememberedListings {
  readonly #workspaces = new Map<string, Remembered>();
  readonly #now: () => number;

  /** `now`: ms since the epoch. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * As `listWorkspace`; the same object as before when all is as it was. The first time in a process, what another process
   * kept in `folder` (where there is one) is looked at, and what was found instead is kept there.
   */
  async list(root: string, folder: string | null, signal: AbortSignal): Promise<Listing> {
    const environment = [gitOnPath(), process.env.HOME, process.env.XDG_CONFIG_HOME].join('\0');
    const earlier = this.#workspaces.get(root);
    if (earlier?.environment === environment && earlier.marks.hold()) return this.#remember(root, earlier);
    const shared = earlier ? null : folder;
    const kept = shared && readKept(shared, environment);
    if (kept)
      return this.#remember(root, { lister: new Lister(root, kept.candidates), marks: kept.marks, environment });
    const began = this.#now();
    const candidates = await findCandidates(root, signal);
    const lister = new Lister(root, candidates);
    const marks = await marksOf(root, candidates, began, signal);
    if (marks === null) return lister.list();
    const found: Kept = { candidates, marks };
    if (shared) await keep(shared, environment, found);
    return this.#remember(root, { lister, marks, environment });
  }

  /** The workspaces used last stay. */
  #remember(root: string, remembered: Remembered): Listing {
    this.#workspaces.delete(root);
    this.#workspaces.set(root, remembered);
    for (const oldest of this.#workspaces.keys()) {
      if (this.#workspaces.size <= MOST_WORKSPACES) break;
      this.#workspaces.delete(oldest);
    }
    return remembered.lister.list();
  }
}
