import { type ChangeSet, changeSet } from '../domain/change.ts';

/** The text of a workspace file, or `null` where it is missing or cannot be edited as text. */
export type ReadText = (path: string) => string | null;

/** The files of a workspace as they are after some edits. */
export class Draft {
  readonly #original: ReadText;
  readonly #changed = new Map<string, string | null>();

  constructor(read: ReadText) {
    this.#original = read;
  }

  read(path: string): string | null {
    return this.#changed.has(path) ? this.#changed.get(path)! : this.#original(path);
  }

  /** `null` deletes the file. */
  write(path: string, content: string | null): void {
    this.#changed.set(path, content);
  }

  /** The edits as a whole; what ended up as it was is left out. */
  changes(): ChangeSet {
    const changes = [...this.#changed].map(([path, content]) => ({ path, content }));
    return changeSet(changes.filter(({ path, content }) => content !== this.#original(path)));
  }
}
