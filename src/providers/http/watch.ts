import type { AdviceLimits } from '../../domain/advice.ts';

/** What ended an exchange from this side. */
export type Stop = 'cancelled' | 'first output' | 'silence' | 'total';

const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Ends an exchange when its caller cancels or one of its limits passes: `total` from the start, `first output` from
 * each attempt, `silence` from whatever arrived last. `end()` must be called, and closes the connection too.
 */
export class Watch {
  readonly #controller = new AbortController();
  readonly #limits: AdviceLimits;
  readonly #caller: AbortSignal;
  readonly #started = performance.now();
  readonly #total: NodeJS.Timeout;
  #phase: NodeJS.Timeout | null = null;
  #heard = false;
  #stopped: Stop | null = null;

  constructor(limits: AdviceLimits, caller: AbortSignal) {
    this.#limits = limits;
    this.#caller = caller;
    this.#total = this.#after(limits.totalMs, 'total');
    caller.addEventListener('abort', this.#cancel, { once: true });
    if (caller.aborted) this.#cancel();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null while nothing ended it. */
  get stopped(): Stop | null {
    return this.#stopped;
  }

  /** Milliseconds since the start. */
  get ms(): number {
    return performance.now() - this.#started;
  }

  get leftMs(): number {
    return this.#limits.totalMs - this.ms;
  }

  /** An attempt begins: its first output is waited for. */
  attempt(): void {
    this.#arm(this.#limits.firstOutputMs, 'first output');
    this.#heard = false;
  }

  /** Nothing is waited for until the next attempt. */
  rest(): void {
    if (this.#phase) clearTimeout(this.#phase);
  }

  /** Something arrived. */
  heard(): void {
    if (this.#heard) this.#phase?.refresh();
    else this.#arm(this.#limits.silenceMs, 'silence');
    this.#heard = true;
  }

  end(): void {
    this.rest();
    clearTimeout(this.#total);
    this.#caller.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }

  readonly #cancel = (): void => this.#stop('cancelled');

  #arm(ms: number, stop: Stop): void {
    this.rest();
    this.#phase = this.#after(ms, stop);
  }

  #after(ms: number, stop: Stop): NodeJS.Timeout {
    return setTimeout(() => this.#stop(stop), Math.min(ms, LONGEST_TIMER));
  }

  #stop(stop: Stop): void {
    this.#stopped ??= stop;
    this.#controller.abort();
  }
}
