import type { Family } from '../collect/kinds.ts';
import { partsOf, stem, termsOf } from '../question/terms.ts';
import { chunksOf } from './chunks.ts';
import { importsOf } from './imports.ts';
import { encodeSegment } from './segment-format.ts';
import { Vocabulary } from './vocabulary.ts';
import { eachWord } from './words-in.ts';

/** Collects files into one immutable segment of the index. */
export class SegmentBuilder {
  readonly #words: Vocabulary;
  #terms = new Uint32Array(1 << 16);
  #chunks = new Uint32Array(1 << 16);
  #counts = new Uint16Array(1 << 16);
  #size = 0;
  #last = new Int32Array(1 << 14).fill(-1);
  readonly #ofName = new Map<string, readonly number[]>();
  readonly #ofImport = new Map<string, readonly number[]>();
  readonly #ofSurrounding = new Map<string, readonly number[]>();
  readonly #chunkStarts: number[] = [];
  readonly #chunkWords: number[] = [];
  readonly #docs: { hash: string; firstChunk: number; lines: number }[] = [];
  /** Characters taken in so far. */
  characters = 0;

  /** Segments may share a vocabulary: words are then taken apart once. */
  constructor(vocabulary: Vocabulary = new Vocabulary()) {
    this.#words = vocabulary;
  }

  get docs(): number {
    return this.#docs.length;
  }

  /** Adds a file's text (`hash`: 40 hex digits of its content) and returns its number in the segment. */
  add(hash: string, text: string, family: Family): number {
    const doc = this.#docs.length;
    const lines = text.split('\n');
    const firstChunk = this.#chunkStarts.length;
    this.#docs.push({ hash, firstChunk, lines: lines.length });
    this.characters += text.length;
    let offset = 0;
    let line = 1;
    for (const chunk of chunksOf(lines, family)) {
      const id = this.#chunkStarts.length;
      this.#chunkStarts.push(chunk.start);
      const from = offset;
      for (; line <= chunk.end; line++) offset += lines[line - 1]!.length + 1;
      this.#chunkWords.push(this.#countWords(text, from, Math.min(offset, text.length), id));
      for (const { name } of chunk.defines) this.#addName(name, id);
      for (const name of chunk.within) this.#addSurrounding(name, id);
    }
    for (const { parts, names } of importsOf(text, family)) {
      for (const part of parts.slice(-2)) this.#addImport(part, firstChunk);
      for (const name of names) this.#addImport(name, firstChunk);
    }
    return doc;
  }

  /** The segment as bytes. */
  finish(): Buffer {
    return encodeSegment({
      hashes: this.#words.hashes,
      terms: this.#terms.subarray(0, this.#size),
      chunks: this.#chunks.subarray(0, this.#size),
      counts: this.#counts.subarray(0, this.#size),
      chunkStarts: this.#chunkStarts,
      chunkWords: this.#chunkWords,
      docs: this.#docs,
    });
  }

  #addName(name: string, chunk: number): void {
    for (const term of this.#remembered(this.#ofName, name, namesTerms)) this.#count(term, chunk);
  }

  /** What a piece stands in counts once as if it stood there itself. */
  #addSurrounding(name: string, chunk: number): void {
    for (const term of this.#remembered(this.#ofSurrounding, name, surroundingsTerms)) this.#count(term, chunk);
  }

  #addImport(name: string, chunk: number): void {
    for (const term of this.#remembered(this.#ofImport, name, (one) => [`i:${one.toLowerCase()}`]))
      this.#count(term, chunk);
  }

  /** Numbers of the terms that `make` makes of a name, made once. */
  #remembered(memory: Map<string, readonly number[]>, name: string, make: (name: string) => string[]) {
    let terms = memory.get(name);
    if (!terms) {
      terms = make(name).map((term) => this.#words.ofTerm(term));
      memory.set(name, terms);
    }
    return terms;
  }

  #countWords(text: string, from: number, to: number, chunk: number): number {
    let words = 0;
    eachWord(text, from, to, (start, end, hash, second) => {
      const terms = this.#words.termsAt(text, start, end, hash, second);
      for (let i = 0; i < terms.length; i++) this.#count(terms[i]!, chunk);
      words++;
    });
    return words;
  }

  #count(term: number, chunk: number): void {
    if (term >= this.#last.length) this.#last = grown(this.#last, term).fill(-1, this.#last.length);
    const at = this.#last[term]!;
    if (at >= 0 && this.#chunks[at] === chunk) {
      if (this.#counts[at]! < 65_535) this.#counts[at]!++;
      return;
    }
    if (this.#size === this.#terms.length) this.#grow();
    this.#last[term] = this.#size;
    this.#terms[this.#size] = term;
    this.#chunks[this.#size] = chunk;
    this.#counts[this.#size++] = 1;
  }

  #grow(): void {
    const longer = <T extends Uint32Array | Uint16Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    const length = this.#terms.length * 2;
    this.#terms = longer(this.#terms, new Uint32Array(length));
    this.#chunks = longer(this.#chunks, new Uint32Array(length));
    this.#counts = longer(this.#counts, new Uint16Array(length));
  }
}

/** A defined name as a whole and its parts. */
function namesTerms(name: string): string[] {
  const short = name.slice(0, 200).split(/[.:]+/).at(-1)!;
  return [`d:${short.toLowerCase()}`, ...nameParts(short)];
}

function surroundingsTerms(name: string): string[] {
  return [...termsOf(name.slice(0, 64)), ...nameParts(name)];
}

function nameParts(name: string): string[] {
  return partsOf(name)
    .filter((part) => part.length > 1)
    .map((part) => `s:${stem(part)}`);
}

function grown(old: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(Math.max(old.length * 2, needed + 1));
  fresh.set(old);
  return fresh;
}
