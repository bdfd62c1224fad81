import { type Answer, NoAnswer, type WarmProcess } from './warm-process.ts';

type Start = () => Promise<WarmProcess>;

/** Warm processes that take requests in turn; one that is gone or has served its time is replaced. */
export class Pool {
  readonly #start: Start;
  readonly #size: number;
  readonly #idle: WarmProcess[] = [];
  readonly #all = new Set<WarmProcess>();
  readonly #queue: Array<() => void> = [];
  #busy = 0;
  #closed = false;

  constructor(start: Start, first: WarmProcess, size: number) {
    this.#start = start;
    this.#size = Math.max(1, size);
    this.#idle.push(first);
    this.#all.add(first);
  }

  /** The answer of whichever process is free first. Rejects with `NoAnswer`, or with the signal's reason. */
  async ask(request: Readonly<Record<string, unknown>>, timeLimitMs: number, signal: AbortSignal): Promise<Answer> {
    await this.#turn(signal);
    try {
      signal.throwIfAborted();
      const process = await this.#take();
      const onAbort = () => void process.close();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const answer = await process.ask(request, timeLimitMs);
        this.#giveBack(process, answer.retire === true);
        return answer;
      } catch (error) {
        this.#giveBack(process, true);
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    } finally {
      this.#busy--;
      this.#queue.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((process) => process.close()));
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#busy >= this.#size) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#busy++;
  }

  async #take(): Promise<WarmProcess> {
    if (this.#closed) throw new NoAnswer('crash');
    const idle = this.#idle.pop();
    if (idle && !idle.isGone) return idle;
    if (idle) this.#all.delete(idle);
    const process = await this.#start();
    this.#all.add(process);
    if (this.#closed) await process.close();
    return process;
  }

  #giveBack(process: WarmProcess, over: boolean): void {
    if (!over && !process.isGone) {
      this.#idle.push(process);
      return;
    }
    void process.close().then(() => this.#all.delete(process));
  }
}
