import { findCandidates } from './candidates.ts';
import { Lister, type Listing } from './listing.ts';
import type { Marks } from './marks.ts';
import { marksOf } from './watch.ts';

const MOST_WORKSPACES = 8;
/** What git is found by and where it looks for its user's settings. */
const TELLING = ['PATH', 'HOME', 'XDG_CONFIG_HOME'] as const;

interface Remembered {
  /** Nothing the first time: to know by what it is told that nothing changed costs as much as to list anew. */
  readonly known: { readonly lister: Lister; readonly marks: Marks } | null;
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

  /** As `listWorkspace`; the same object as before when all is as it was. */
  async list(root: string, signal: AbortSignal): Promise<Listing> {
    const environment = TELLING.map((name) => process.env[name] ?? '').join('\0');
    const earlier = this.#workspaces.get(root);
    if (earlier?.known && earlier.environment === environment && earlier.known.marks.hold()) {
      this.#keep(root, earlier);
      return earlier.known.lister.list();
    }
    const began = this.#now();
    const candidates = await findCandidates(root, signal);
    const lister = new Lister(root, candidates);
    const marks = earlier ? await marksOf(root, candidates, began, signal) : null;
    this.#keep(root, { known: marks && { lister, marks }, environment });
    return lister.list();
  }

  /** The workspaces used last stay. */
  #keep(root: string, remembered: Remembered): void {
    this.#workspaces.delete(root);
    this.#workspaces.set(root, remembered);
    if (this.#workspaces.size <= MOST_WORKSPACES) return;
    for (const oldest of this.#workspaces.keys()) {
      this.#workspaces.delete(oldest);
      return;
    }
  }
}
