import type { Progress } from '../app/fix.ts';
import type { Io } from './io.ts';
import { paint, printable } from './io.ts';

type Search = Extract<Progress, { kind: 'search' }>;

const FRAME_MS = 100;
const PLAIN_EVERY_MS = 5_000;
const MARK = { done: ['green', '✔'], not_needed: ['dim', '·'], gave_up: ['yellow', '✘'] } as const;

/**
 * The stages as they happen, on stderr: on a terminal with one live line at the bottom (tried, rate, best so
 * far, time left), piped as plain lines.
 */
export class FixDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: boolean;
  readonly #endsAt: number;
  #doing = '';
  #search: Search | null = null;
  #lastPlain = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(io: Io, timeLimitMs: number) {
    this.#stream = io.stderr;
    this.#live = io.stderr.isTTY === true && io.env.TERM !== 'dumb';
    this.#endsAt = performance.now() + timeLimitMs;
    if (this.#live) {
      this.#timer = setInterval(() => this.#draw(), FRAME_MS);
      this.#timer.unref();
    }
  }

  show(progress: Progress): void {
    if (progress.kind === 'search') this.#showSearch(progress);
    else if (progress.kind === 'note') this.#line(`  note: ${printable(progress.text)}`);
    else if (progress.kind === 'stage') this.#enter(progress.stage, progress.note);
    else this.#leave(progress.record);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #enter(stage: string, note: string): void {
    this.#doing = `${stage.padEnd(11)} ${note}`;
    this.#search = null;
    if (!this.#live) this.#line(`  ${this.#doing} …`);
  }

  #leave({ stage, outcome, summary, ms }: Extract<Progress, { kind: 'left' }>['record']): void {
    const [colour, mark] = MARK[outcome];
    this.#erase();
    const seconds = paint(this.#stream, 'dim', `${(ms / 1000).toFixed(1)} s`);
    this.#line(
      `${paint(this.#stream, colour, mark)} ${paint(this.#stream, 'bold', stage.padEnd(11))} ${printable(summary)}  ${seconds}`,
    );
    this.#doing = '';
    this.#search = null;
  }

  #showSearch(search: Search): void {
    this.#search = search;
    const now = performance.now();
    if (this.#live || now - this.#lastPlain < PLAIN_EVERY_MS) return;
    this.#lastPlain = now;
    this.#line(`    ${this.#counts(search)}`);
  }

  #counts({ tried, perSecond, passing, bestFixed, targets }: Search): string {
    const best = passing > 0 ? `${passing} passing` : `best fixes ${bestFixed} of ${targets}`;
    return `${tried} tried, ${Math.round(perSecond)}/s, ${best}`;
  }

  #draw(): void {
    if (!this.#doing) return;
    const left = Math.max(0, Math.ceil((this.#endsAt - performance.now()) / 1000));
    const counts = this.#search ? `  ${this.#counts(this.#search)}` : '';
    const text = `  ${this.#doing}${counts}  ${left} s left`;
    this.#erase();
    this.#stream.write(text.slice(0, Math.max(20, (this.#stream.columns || 80) - 1)));
  }

  #erase(): void {
    if (this.#live) this.#stream.write('\r\u001b[2K');
  }

  #line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}
