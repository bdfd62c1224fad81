import type { Family } from '../collect/kinds.ts';
import { hashTerm, partsOf, stem, termsOf } from '../question/terms.ts';
import { chunksOf } from './chunks.ts';
import { Codes } from './codes.ts';
import { importsOf } from './imports.ts';
import { Postings } from './postings.ts';
import { encodeSegment } from './segment-format.ts';
import { Vocabulary } from './vocabulary.ts';
import { termHashesAt } from './word-terms.ts';

/** Collects files into one immutable segment of the index. */
export class SegmentBuilder {
  readonly #vocabulary: Vocabulary;
  readonly #postings = new Postings();
  readonly #codes = new Codes();
  readonly #chunkStarts: number[] = [];
  readonly #chunkWords: number[] = [];
  readonly #docs: { hash: string; firstChunk: number; lines: number }[] = [];
  /** Characters taken in so far. */
  characters = 0;

  /** Segments may share a vocabulary: words are then taken apart once. */
  constructor(vocabulary: Vocabulary = new Vocabulary()) {
    this.#vocabulary = vocabulary;
  }

  get docs(): number {
    return this.#docs.length;
  }

  /** Adds a file's text (`hash`: 40 hex digits of its content) and returns its number in the segment. */
  add(hash: string, text: string, family: Family): number {
    const doc = this.#docs.length;
    const lines = text.split('\n');
    this.#docs.push({ hash, firstChunk: this.#chunkStarts.length, lines: lines.length });
    this.characters += text.length;
    this.#codes.take(text);
    for (const chunk of chunksOf(lines, family)) {
      this.#chunkStarts.push(chunk.start);
      this.#postings.nextChunk();
      if (chunk.start === 1) this.#countImports(text, family);
      this.#chunkWords.push(this.#countWords(chunk.end - chunk.start + 1));
      for (const { name } of chunk.defines) this.#count(DEFINED, name);
      for (const name of chunk.within) this.#count(AROUND, name);
    }
    return doc;
  }

  /** The segment as bytes. */
  finish(): Buffer {
    return encodeSegment({
      hashes: this.#vocabulary.hashes,
      termOf: (hash) => this.#vocabulary.termOf(hash),
      ...this.#postings.all(),
      chunkStarts: this.#chunkStarts,
      chunkWords: this.#chunkWords,
      docs: this.#docs,
    });
  }

  #countWords(lines: number): number {
    const vocabulary = this.#vocabulary;
    const { units } = this.#codes;
    return this.#codes.eachWordOf(lines, (start, end, hash, second) => {
      let word = vocabulary.find(hash, second);
      if (word < 0) word = vocabulary.add(hash, second, termHashesAt(units, start, end));
      this.#postings.countWord(vocabulary, word);
    });
  }

  #countImports(text: string, family: Family): void {
    for (const { parts, names } of importsOf(text, family)) {
      for (const part of parts.slice(-2)) this.#count(IMPORTED, part);
      for (const name of names) this.#count(IMPORTED, name);
    }
  }

  /** Counts the terms of a name in its role; they are made once. */
  #count(role: Role, name: string): void {
    let { hash, second } = role;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      hash = Math.imul(hash ^ code, 0x01000193);
      second = (Math.imul(second, 0x5bd1e995) + code) | 0;
    }
    let word = this.#vocabulary.find(hash, second);
    if (word < 0) word = this.#vocabulary.add(hash, second, role.terms(name).map(hashTerm));
    this.#postings.countWord(this.#vocabulary, word);
  }
}

/** What a name is to a chunk: `hash` and `second` begin its hashes, so that roles do not share what they remember. */
interface Role {
  readonly hash: number;
  readonly second: number;
  readonly terms: (name: string) => readonly string[];
}

/** A defined name as a whole and its parts. */
const DEFINED: Role = {
  hash: 0x2545f491,
  second: 11,
  terms: (name) => {
    const short = name.slice(0, 200).split(/[.:]+/).at(-1)!;
    return [`d:${short.toLowerCase()}`, ...nameParts(short)];
  },
};

/** What a piece stands in counts once as if it stood there itself. */
const AROUND: Role = {
  hash: 0x1b873593,
  second: 13,
  terms: (name) => [...termsOf(name.slice(0, 64)), ...nameParts(name)],
};

const IMPORTED: Role = { hash: 0x38b34ae5, second: 17, terms: (name) => [`i:${name.toLowerCase()}`] };

function nameParts(name: string): string[] {
  return partsOf(name)
    .filter((part) => part.length > 1)
    .map((part) => `s:${stem(part)}`);
}
