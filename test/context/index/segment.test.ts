import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentBuilder } from '../../../src/context/index/segment-builder.ts';
import { BrokenIndex, openSegment } from '../../../src/context/index/segment-reader.ts';
import { Vocabulary } from '../../../src/context/index/vocabulary.ts';
import { hashTerm, termsOf } from '../../../src/context/question/terms.ts';
import { folder } from '../workspace-of.ts';
import { eachWord } from './words-of.ts';

const HASH = '0123456789'.repeat(4);
const words = (text: string): string[] => {
  const found: string[] = [];
  eachWord(text, (start, end) => found.push(text.slice(start, end)));
  return found;
};

describe('the words of a text', () => {
  it('are letters, digits, _ and $ and all beyond ASCII, two or more of them', () => {
    expect(words('let $zebra_1 = größe + x; // 42 é')).toEqual(['let', '$zebra_1', 'größe', '42']);
    expect(words('')).toEqual([]);
    expect(words('ends with word')).toEqual(['ends', 'with', 'word']);
  });

  it('of a very long line are those at its beginning, of the next line all again', () => {
    const found = words(`${'ab '.repeat(5_000)}\nlast`);
    expect(found.length).toBeLessThan(700);
    expect(found.at(-1)).toBe('last');
  });

  it('are told apart by their hashes', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\w{2,12}$/), { maxLength: 50 }), (list) => {
        const text = list.join(' ');
        eachWord(text, (start, end, hash, second) => {
          const word = text.slice(start, end);
          expect(seen.get(`${hash} ${second}`) ?? word).toBe(word);
          seen.set(`${hash} ${second}`, word);
        });
      }),
    );
  });
});

describe('a vocabulary', () => {
  it('gives a word the numbers of its terms, the same ones every time, however many there are', () => {
    const vocabulary = new Vocabulary();
    const list = Array.from({ length: 140_000 }, (_, i) => `someName${i}`);
    const read = (): number[][] =>
      list.map((word) => {
        let numbers: number[] = [];
        eachWord(word, (_start, _end, hash, second) => {
          let found = vocabulary.find(hash, second);
          if (found < 0) found = vocabulary.add(hash, second, termsOf(word).map(hashTerm));
          numbers = [...vocabulary.lists.subarray(vocabulary.from(found), vocabulary.to(found))];
        });
        return numbers;
      });
    const first = read();
    expect(read()).toEqual(first);
    expect(vocabulary.words).toBe(140_000);
    for (const i of [0, 1, 139_999]) {
      const hashes = termsOf(list[i]!).map(hashTerm);
      expect(first[i]!.map((number) => vocabulary.hashes[number]!)).toEqual(hashes);
      expect(hashes.map((hash) => vocabulary.termOf(hash))).toEqual(first[i]);
    }
  });

  it('knows no word and no term that was not added', () => {
    const vocabulary = new Vocabulary();
    const word = vocabulary.add(1, 2, []);
    expect([vocabulary.from(word) === vocabulary.to(word), vocabulary.find(1, 2), vocabulary.find(1, 3)]).toEqual([
      true,
      word,
      -1,
    ]);
    expect([vocabulary.termOf(7), vocabulary.terms]).toEqual([-1, 0]);
  });
});

describe('a segment', () => {
  /** Writes texts as one segment and opens it. */
  function written(...texts: string[]) {
    const builder = new SegmentBuilder();
    for (const text of texts) builder.add(HASH, text, 'python');
    const path = join(folder(), 'one.seg');
    writeFileSync(path, builder.finish());
    return path;
  }
  const countsOf = (path: string, term: string): Record<number, number> => {
    const segment = openSegment(path);
    const counts: Record<number, number> = {};
    segment.postings(hashTerm(term), (chunk, count) => {
      counts[chunk] = count;
    });
    segment.close();
    return counts;
  };

  it('says for every term in which piece it stands and how often', () => {
    const path = written('zebra lion zebra\n', 'lion\n');
    expect([countsOf(path, 'zebra'), countsOf(path, 'lion'), countsOf(path, 'tiger')]).toEqual([
      { 0: 2 },
      { 0: 1, 1: 1 },
      {},
    ]);
  });

  it('counts exactly, also beyond what fits into the short form', () => {
    for (const times of [6, 7, 8, 127, 128, 135, 300])
      expect(countsOf(written(`${'zebra '.repeat(times)}\n`), 'zebra')).toEqual({ 0: times });
  });

  it('holds what any texts say', () => {
    const word = fc.constantFrom('zebra', 'lion', 'tig', 'wolf', 'owl');
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 30 }), { minLength: 1, maxLength: 12 }), (texts) => {
        const path = written(...texts.map((list) => `${list.join(' ')}\n`));
        for (const one of ['zebra', 'lion', 'tig', 'wolf', 'owl']) {
          const expected = texts.flatMap((list, i) => {
            const count = list.filter((other) => other === one).length;
            return count > 0 ? [[i, count] as const] : [];
          });
          expect(countsOf(path, one)).toEqual(Object.fromEntries(expected));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('that is cut off, or changed in its tables, is broken', () => {
    const path = written('zebra lion\n', 'tiger\n');
    const whole = readFileSync(path);
    for (const at of [0, 5, 40, 60]) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 0xff;
      writeFileSync(path, bytes);
      expect(() => openSegment(path), `byte ${at}`).toThrow(BrokenIndex);
    }
    for (const length of [0, 10, whole.length - 1]) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(() => openSegment(path), `${length} bytes`).toThrow(BrokenIndex);
    }
  });

  it('of another form than ours is broken: it is built again, not misread', () => {
    const path = written('zebra\n');
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(bytes.readUInt32LE(4) + 1, 4);
    writeFileSync(path, bytes);
    expect(() => openSegment(path)).toThrow(BrokenIndex);
  });
});
