import { Buffer } from 'node:buffer';
import { type AdviceUsage, UNKNOWN_USAGE } from '../../domain/advice.ts';
import { alignCharacters } from '../../platform/output-capture.ts';
import type { ApiError, Reading } from './wire.ts';

const LONGEST_REASON = 300;

/** Puts together what the events of one answer say; takes at most so many bytes of text. */
export class Gathered {
  readonly #mostBytes: number;
  readonly #parts: string[] = [];
  #bytes = 0;
  usage: AdviceUsage = UNKNOWN_USAGE;
  model: string | null = null;
  ended: 'complete' | 'length' | null = null;
  /** The text was cut at `mostBytes`. */
  full = false;
  tool: string | null = null;
  refused = '';
  error: ApiError | null = null;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get text(): string {
    return this.#parts.join('');
  }

  /** Takes one reading in; false when nothing more needs to be read. */
  add(reading: Reading): boolean {
    this.#append(reading.text || (this.#bytes === 0 ? reading.whole : '') || '');
    if (reading.usage) this.usage = { ...this.usage, ...known(reading.usage) };
    this.model = reading.model || this.model;
    this.ended = reading.ended ?? this.ended;
    this.tool ??= reading.tool || null;
    this.refused = (this.refused + (reading.refused ?? '')).slice(0, LONGEST_REASON);
    this.error ??= reading.error ?? null;
    return !(reading.last || this.full || this.error);
  }

  #append(text: string): void {
    if (text === '') return;
    const bytes = Buffer.byteLength(text);
    const room = this.#mostBytes - this.#bytes;
    this.full = bytes > room;
    this.#parts.push(this.full ? alignCharacters()(Buffer.from(text).subarray(0, room)).toString() : text);
    this.#bytes += Math.min(bytes, room);
  }
}

function known(usage: Partial<AdviceUsage>): Partial<AdviceUsage> {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
}
