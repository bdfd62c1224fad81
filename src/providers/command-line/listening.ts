import { Buffer } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { AdviceUsage } from '../../domain/advice.ts';
import { alignCharacters } from '../../platform/output-capture.ts';
import type { Heard, Program } from './program.ts';

/** JSON around an answer, escapes and all, may be so many times its size; a single line of it too. */
const ROOM_BYTES = 1024 * 1024;
const ESCAPED = 6;
const STDERR_BYTES = 64 * 1024;
/** Events wrap every few characters of a streamed answer. */
const WRAPPED = 60;

/** Puts together what a program prints; memory stays within a small multiple of `answerBytes`. */
export class Listening {
  readonly #program: Program;
  readonly #answerBytes: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #errors = new StringDecoder('utf8');
  /** The line that has no end yet, in pieces: joined once. */
  #begun: string[] = [];
  #waiting = 0;
  #plain = '';
  #stderr = '';
  #bytes = 0;
  #answered = 0;
  text = '';
  model: string | null = null;
  usage: AdviceUsage | null = null;
  complete = false;
  error: NonNullable<Heard['error']> | null = null;
  tools: readonly string[] = [];
  /** The text was cut at `answerBytes`. */
  full = false;
  /** What was there instead of what was expected. */
  broken: string | null = null;
  /** Something came at all; the answer has begun. */
  alive = false;
  speaking = false;

  constructor(program: Program, answerBytes: number) {
    this.#program = program;
    this.#answerBytes = answerBytes;
  }

  /** Takes standard output in; `enough` when no more of it is needed. */
  out(chunk: Buffer): 'more' | 'enough' {
    this.alive = true;
    this.#bytes += chunk.length;
    if (this.full || this.tools.length > 0) return 'enough';
    this.#feed(this.#decoder.write(chunk));
    if (this.full) return 'enough';
    if (
      this.#bytes <= ROOM_BYTES + WRAPPED * this.#answerBytes &&
      this.#waiting <= ROOM_BYTES + ESCAPED * this.#answerBytes
    )
      return 'more';
    this.broken ??= 'it does not end';
    this.#begun = [];
    return 'enough';
  }

  err(chunk: Buffer): void {
    this.#stderr = (this.#stderr + this.#errors.write(chunk)).slice(-STDERR_BYTES);
  }

  /** Nothing more will come: reads what is left. */
  close(): void {
    this.#feed(`${this.#decoder.end()}\n`);
    if (this.complete || this.error !== null) return;
    this.#take(this.#program.rest(this.#plain, this.#stderr + this.#errors.end()));
  }

  #feed(text: string): void {
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#read(this.#begun.join('') + line);
      this.#begun = [];
      this.#waiting = 0;
    }
    this.#begun.push(rest);
    this.#waiting += rest.length;
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const value = parsed(line);
    if (typeof value === 'object' && value !== null) {
      this.#take(this.#program.line(value));
      return;
    }
    this.#plain = `${this.#plain}${line}\n`.slice(0, ROOM_BYTES);
    this.broken ??= line.trimStart().startsWith('{') ? 'a line of it is not whole JSON' : 'it is not JSON';
  }

  #take(heard: Heard): void {
    if (heard.text) this.#keep(heard.text);
    else if (heard.delta) this.#append(heard.delta);
    this.speaking ||= Boolean(heard.delta || heard.text);
    this.model = heard.model ?? this.model;
    this.usage = heard.usage ?? this.usage;
    this.complete ||= heard.complete === true;
    this.error = heard.error ?? this.error;
    this.tools = heard.tools ?? this.tools;
  }

  #keep(text: string): void {
    this.text = '';
    this.#answered = 0;
    this.#append(text);
  }

  #append(text: string): void {
    const bytes = Buffer.byteLength(text);
    const room = this.#answerBytes - this.#answered;
    this.full = bytes > room;
    this.text += this.full ? alignCharacters()(Buffer.from(text).subarray(0, room)).toString() : text;
    this.#answered += bytes;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
