import { factsOf } from '../collect/facts.ts';
import type { ListedFile } from '../collect/listing.ts';
import { RACY_MS } from '../collect/marks.ts';
import { manifestIn } from './manifest.ts';
import { type Index, openIndex } from './open-index.ts';

const MOST_INDEXES = 4;
const MOST_FILES = 200_000;
const IDLE_MS = 10 * 60_000;

interface Held {
  readonly files: readonly ListedFile[];
  readonly index: Index;
  /** How it looked on disk. */
  readonly look: string;
  users: number;
  isDropped: boolean;
}

/**
 * Keeps the indexes of the workspaces used last open, for as long as they are used at all. An index is lent to any number
 * of packs at once and closed when the last one that uses it is over.
 */
export class HeldIndexes {
  readonly #held = new Map<string, Held>();
  #idle: NodeJS.Timeout | undefined;

  /**
   * As `openIndex`; where `files` is the very list of the time before, none of them changed so lately that one could not
   * tell, and the index on disk is still the same, nothing is opened or read. `close` gives it back.
   */
  async open(
    folder: string,
    root: string,
    files: readonly ListedFile[],
    warn: (line: string) => void,
    now: () => number = Date.now,
  ): Promise<Index> {
    this.#idle?.refresh();
    const earlier = this.#held.get(folder);
    if (earlier?.files === files && earlier.look === lookOf(folder, earlier.index)) {
      this.#held.delete(folder);
      this.#held.set(folder, earlier);
      return lend(earlier, { ...earlier.index, reused: files.length, bytesRead: 0 });
    }
    const calmBefore = now() - RACY_MS;
    const index = await openIndex(folder, root, files, warn, now);
    this.#drop(folder);
    if (files.some(({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs) > calmBefore)) return index;
    const held: Held = { files, index, look: lookOf(folder, index), users: 0, isDropped: false };
    this.#held.set(folder, held);
    this.#keepWithin();
    this.#idle ??= setTimeout(() => this.closeAll(), IDLE_MS).unref();
    return lend(held, index);
  }

  /** Lets go of every index; those in use are closed when they are given back. */
  closeAll(): void {
    for (const folder of [...this.#held.keys()]) this.#drop(folder);
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  /** The workspaces used last stay, the very last one whatever its size. */
  #keepWithin(): void {
    let files = 0;
    [...this.#held].reverse().forEach(([folder, held], i) => {
      files += held.files.length;
      if (i > 0 && (i >= MOST_INDEXES || files > MOST_FILES)) this.#drop(folder);
    });
  }

  #drop(folder: string): void {
    const held = this.#held.get(folder);
    if (!held) return;
    this.#held.delete(folder);
    held.isDropped = true;
    if (held.users === 0) held.index.close();
  }
}

function lend(held: Held, index: Index): Index {
  held.users++;
  let isOpen = true;
  return {
    ...index,
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      held.users--;
      if (held.users === 0 && held.isDropped) held.index.close();
    },
  };
}

/** What tells that the index on disk was changed, broken or taken away. */
function lookOf(folder: string, { segments }: Index): string {
  return [manifestIn(folder), ...segments.map(({ path }) => path)]
    .map((path) => {
      const found = factsOf(path);
      return found ? `${found.ino} ${found.size} ${found.ctimeMs}` : '';
    })
    .join();
}
