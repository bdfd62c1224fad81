import type { Proposal } from '../domain/ports.ts';

/** A model's patch; `key` names the ask it came from, uniquely within the run. */
export interface ModelPatch extends Proposal {
  readonly key: string;
  readonly provider: string;
}

/** Patches of models, taken in the order in which they arrive. */
export class Arrivals {
  readonly #waiting: ModelPatch[] = [];
  #isOpen = true;
  #change = Promise.withResolvers<void>();

  add(patch: ModelPatch): void {
    this.#waiting.push(patch);
    this.#changed();
  }

  /** Says that nothing more will come. */
  end(): void {
    this.#isOpen = false;
    this.#changed();
  }

  take(): ModelPatch | undefined {
    return this.#waiting.shift();
  }

  get isOver(): boolean {
    return !this.#isOpen && this.#waiting.length === 0;
  }

  /** Resolves at the next arrival, or at the end. */
  get change(): Promise<void> {
    return this.#change.promise;
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
