import { lstatSync } from 'node:fs';

/** A second change within one tick of a clock leaves no trace, and some clocks tick every 2 s. */
export const RACY_MS = 2_000;

const ABSENT = -1;

/**
 * What lay at many paths at one moment, a link as itself, so that one can tell whether anything was put there, taken
 * away, or changed since. Of a folder that is whether an entry came or went.
 */
export class Marks {
  readonly #paths: string[];
  /** Three for each path. */
  readonly #facts: number[];
  #newest = 0;

  /** Marks made before, as `paths` and `facts` gave them, or none. */
  constructor(paths: readonly string[] = [], facts: Iterable<number> = []) {
    this.#paths = [...paths];
    this.#facts = [...facts];
  }

  get paths(): readonly string[] {
    return this.#paths;
  }

  get facts(): readonly number[] {
    return this.#facts;
  }

  /** Marks what lies at an absolute path now; says whether there is anything. */
  add(path: string): boolean {
    const found = lookAt(path);
    this.#keep(path, found?.ino ?? ABSENT, found?.mode ?? 0, found?.ctimeMs ?? 0);
    if (found) this.#newest = Math.max(this.#newest, found.ctimeMs);
    return found !== undefined;
  }

  /** The same of something whose changes say nothing, only that it is there, or is not. */
  addIdentity(path: string): boolean {
    const found = lookAt(path);
    this.#keep(path, found?.ino ?? ABSENT, found?.mode ?? 0, ABSENT);
    return found !== undefined;
  }

  /** Whether the last change of all was longer ago, at `moment`, than a clock may take to tick. */
  isCalmAt(moment: number): boolean {
    return this.#newest < moment - RACY_MS;
  }

  /** Whether everything is as it was. */
  hold(): boolean {
    return this.#paths.every((path, i) => {
      const at = i * 3;
      const found = lookAt(path);
      if (!found) return this.#facts[at] === ABSENT;
      const changed = this.#facts[at + 2]!;
      return (
        this.#facts[at] === found.ino &&
        this.#facts[at + 1] === found.mode &&
        (changed === ABSENT || changed === found.ctimeMs)
      );
    });
  }

  #keep(path: string, ...facts: readonly [ino: number, mode: number, changed: number]): void {
    this.#paths.push(path);
    this.#facts.push(...facts);
  }
}

function lookAt(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
