import { Buffer } from 'node:buffer';

/** What was kept of one stream of bytes. */
export interface Captured {
  readonly text: string;
  readonly truncated: boolean;
}

/** Keeps the first and the last half of `capBytes`, whatever is written; memory stays within the cap. */
export class OutputCapture {
  readonly #headCap: number;
  readonly #tailCap: number;
  #head: Buffer = Buffer.alloc(0);
  #headLength = 0;
  #ring: Buffer | null = null;
  #tailTotal = 0;

  constructor(capBytes: number) {
    this.#headCap = Math.ceil(capBytes / 2);
    this.#tailCap = Math.floor(capBytes / 2);
  }

  write(chunk: Buffer): void {
    const forHead = Math.min(chunk.length, this.#headCap - this.#headLength);
    if (forHead > 0) this.#writeHead(chunk.subarray(0, forHead));
    if (forHead < chunk.length) this.#writeTail(chunk.subarray(forHead));
  }

  /** The text: whole, or head and end with a line between them that says how many bytes are left out. */
  read(): Captured {
    const head = this.#head.subarray(0, this.#headLength);
    const tail = this.#readTail();
    const left = this.#tailTotal - tail.length;
    if (left === 0) return { text: Buffer.concat([head, tail]).toString(), truncated: false };
    const start = wholeCharacters(head);
    const end = tail.subarray(firstCharacter(tail));
    return { text: `${head.toString('utf8', 0, start)}\n[… ${left} bytes left out …]\n${end}`, truncated: true };
  }

  #writeHead(part: Buffer): void {
    const needed = this.#headLength + part.length;
    if (needed > this.#head.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.#headCap, Math.max(needed, this.#head.length * 2, 1024)));
      this.#head.copy(grown, 0, 0, this.#headLength);
      this.#head = grown;
    }
    part.copy(this.#head, this.#headLength);
    this.#headLength = needed;
  }

  #writeTail(part: Buffer): void {
    this.#ring ??= Buffer.allocUnsafe(this.#tailCap);
    const kept = part.subarray(Math.max(0, part.length - this.#tailCap));
    if (kept.length > 0) {
      const at = (this.#tailTotal + part.length - kept.length) % this.#tailCap;
      const first = Math.min(kept.length, this.#tailCap - at);
      kept.copy(this.#ring, at, 0, first);
      kept.copy(this.#ring, 0, first);
    }
    this.#tailTotal += part.length;
  }

  #readTail(): Buffer {
    if (this.#ring === null) return Buffer.alloc(0);
    if (this.#tailTotal <= this.#tailCap) return this.#ring.subarray(0, this.#tailTotal);
    const at = this.#tailTotal % this.#tailCap;
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}

/**
 * Hands on chunks that end between characters and holds back a UTF-8 sequence that is not complete yet, so that two
 * streams can be merged chunk by chunk. Call with `null` at the end for what is left.
 */
export function alignCharacters(): (chunk: Buffer | null) => Buffer {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = chunk === null || held.length === 0 ? (chunk ?? held) : Buffer.concat([held, chunk]);
    const whole = chunk === null ? bytes.length : wholeCharacters(bytes);
    held = chunk === null ? Buffer.alloc(0) : Buffer.from(bytes.subarray(whole));
    return bytes.subarray(0, whole);
  };
}

/** How many bytes remain when a sequence cut off at the end is left out; bytes that are not UTF-8 stay. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function firstCharacter(bytes: Buffer): number {
  for (let at = 0; at < 3; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  return 0;
}
