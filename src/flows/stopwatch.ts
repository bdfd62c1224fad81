import type { Clock, NewEvent, Run } from '../domain/ports.ts';

/**
 * Spends one time limit over all processes that worked on a run: a step's duration is committed with its result,
 * so time spent before a crash still counts after the resume.
 */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #startedAt: number;
  #earlierMs = 0;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#startedAt = clock.now();
  }

  get now(): number {
    return this.#clock.now();
  }

  get spentMs(): number {
    return this.#clock.now() - this.#startedAt + this.#earlierMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#limitMs - this.spentMs);
  }

  /** `run.step` whose duration is committed beside its result. What was cut off by a cancel is no result and is not committed. */
  async step<T>(
    run: Run,
    name: string,
    work: (record: (event: NewEvent) => void) => Promise<T>,
  ): Promise<{ value: T; ms: number }> {
    const before = this.#clock.now();
    const done = await run.step(name, async (record) => {
      const from = this.#clock.now();
      const value = await work(record);
      run.signal.throwIfAborted();
      return { value, ms: this.#clock.now() - from };
    });
    this.#earlierMs += Math.max(0, done.ms - (this.#clock.now() - before));
    return done;
  }
}
