import { createInterface } from 'node:readline';
import { type LiveProcess, startProcess } from '../../platform/process.ts';
import type { Launch } from './kind.ts';

/** An answer of a warm process; what is in it depends on the request. */
export type Answer = Readonly<Record<string, unknown>>;

/** Why a request has no answer: the process was ended because it took too long, or ended by itself. */
export class NoAnswer extends Error {
  readonly verdict: 'hang' | 'crash';
  constructor(verdict: 'hang' | 'crash') {
    super(`the warm process ${verdict === 'hang' ? 'took too long' : 'ended'}`);
    this.verdict = verdict;
  }
}

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  deadline: NodeJS.Timeout;
}

const GRACE_MS = 1_000;

/** One warm process. It answers one request at a time; after a `NoAnswer` it is gone. */
export class WarmProcess {
  readonly #process: LiveProcess;
  readonly #mark: string;
  #waiting: Waiting | null = null;
  #count = 0;
  #gone = false;

  constructor(launch: Launch, cwd: string, confine: (argv: readonly string[]) => readonly string[]) {
    this.#mark = launch.mark;
    this.#process = startProcess({ argv: confine(launch.argv), cwd, env: launch.env });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(line));
    this.#process.stderr.resume();
    void this.#process.ended.then(() => this.#end('crash'));
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** The answer, or a rejection with `NoAnswer`. A process that says it waits gets that much longer, no more. */
  ask(request: Readonly<Record<string, unknown>>, timeLimitMs: number): Promise<Answer> {
    if (this.#gone) return Promise.reject(new NoAnswer('crash'));
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting = { id, resolve, reject, deadline: this.#deadline(timeLimitMs) };
      this.#process.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    });
  }

  async close(): Promise<void> {
    this.#end('crash');
    await this.#process.kill();
  }

  #deadline(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#end('hang');
      void this.#process.kill();
    }, ms);
  }

  #hear(line: string): void {
    const waiting = this.#waiting;
    const message = waiting && line.startsWith(this.#mark) ? parsed(line.slice(this.#mark.length)) : null;
    if (!waiting || message?.id !== waiting.id) return;
    if (typeof message.waiting === 'number') {
      clearTimeout(waiting.deadline);
      waiting.deadline = this.#deadline(message.waiting + GRACE_MS);
      return;
    }
    clearTimeout(waiting.deadline);
    this.#waiting = null;
    waiting.resolve(message);
  }

  #end(verdict: 'hang' | 'crash'): void {
    this.#gone = true;
    const waiting = this.#waiting;
    if (!waiting) return;
    clearTimeout(waiting.deadline);
    this.#waiting = null;
    waiting.reject(new NoAnswer(verdict));
  }
}

function parsed(text: string): Answer | null {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return null;
  }
}
