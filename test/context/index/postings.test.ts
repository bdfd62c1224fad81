import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Postings } from '../../../src/context/index/postings.ts';
import { Vocabulary } from '../../../src/context/index/vocabulary.ts';

/** Counts words (each of one term with its own number as hash) in chunks; gives back `term: count` of each chunk. */
function counted(chunks: ReadonlyArray<readonly number[]>, first?: number): Record<number, number>[] {
  const vocabulary = new Vocabulary();
  const postings = new Postings(first);
  for (const words of chunks) {
    postings.nextChunk();
    for (const word of words) {
      const known = vocabulary.find(word, 1);
      postings.countWord(vocabulary, known < 0 ? vocabulary.add(word, 1, [word]) : known);
    }
  }
  const { terms, counts, begins } = postings.all();
  expect(begins).toHaveLength(chunks.length + 1);
  return chunks.map((_, i) => {
    const own: Record<number, number> = {};
    for (let at = begins[i]!; at < begins[i + 1]!; at++) own[vocabulary.hashes[terms[at]!]!] = counts[at]!;
    return own;
  });
}

function expected(words: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const word of words) counts[word] = Math.min(65_535, (counts[word] ?? 0) + 1);
  return counts;
}

describe('postings', () => {
  it('say how often each chunk has each term, however little room there was at first', () => {
    const chunk = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
        expect(counted(chunks, 1)).toEqual(chunks.map(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('hold more terms than there was room for', () => {
    const many = Array.from({ length: 150_000 }, (_, i) => i + 1);
    const [first, second] = counted([many, [150_000, 150_000]]);
    expect(Object.keys(first!)).toHaveLength(150_000);
    expect(second).toEqual({ 150000: 2 });
  });

  it('count no further than their form allows', () => {
    expect(counted([Array.from({ length: 70_000 }, () => 5)])).toEqual([{ 5: 65_535 }]);
  });
});
