import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src/context/question/question.ts';
import { hashTerm, termsOf } from '../../../src/context/question/terms.ts';
import { eachPosting, rarity, score } from '../../../src/context/rank/lexical.ts';
import { indexed } from '../index-of.ts';

const FILES = {
  'a.py': 'zebra lion zebra\n',
  'b.py': `zebra ${'filler '.repeat(60)}\n`,
  'c.py': 'lion tiger\n',
  'd.py': `${'tiger '.repeat(20)}\n`,
};
const term = (word: string, weight = 1) => ({ term: word, hash: hashTerm(word), weight });

/** BM25 as it stands in the books, from the words of the files themselves. */
function byTheBook(words: readonly string[]): Record<string, number> {
  const docs = Object.entries(FILES).map(([path, text]) => ({
    path,
    terms: (text.match(/\w+/g) ?? []).flatMap(termsOf),
    words: (text.match(/\w+/g) ?? []).length,
  }));
  const mean = docs.reduce((sum, { words: length }) => sum + length, 0) / docs.length;
  return Object.fromEntries(
    docs.map(({ path, terms, words: length }) => [
      path,
      words.reduce((sum, word) => {
        const having = docs.filter((doc) => doc.terms.includes(word)).length;
        const count = terms.filter((one) => one === word).length;
        return (
          sum +
          Math.log(1 + (docs.length - having + 0.5) / (having + 0.5)) *
            ((count * 2.2) / (count + 1.2 * (0.25 + 0.75 * (length / mean))))
        );
      }, 0),
    ]),
  );
}

describe('BM25', () => {
  it('of files is what the formula says', async () => {
    const { corpus, index, byPath } = await indexed(FILES);
    const words = ['zebra', 'lion', 'tig'];
    const found = byPath(
      score(
        corpus,
        words.map((word) => term(word)),
      ).file,
    );
    const expected = byTheBook(words);
    expect(Object.keys(found).sort()).toEqual(Object.keys(FILES).sort());
    for (const [path, value] of Object.entries(found)) expect(value).toBeCloseTo(expected[path]!, 9);
    index.close();
  });

  it('counts a weighted term as often as its weight says', async () => {
    const { corpus, index } = await indexed(FILES);
    const [once, thrice] = [1, 3].map((weight) => score(corpus, [term('zebra', weight)]));
    thrice!.file.forEach((value, i) => void expect(value).toBeCloseTo(once!.file[i]! * 3, 9));
    thrice!.chunk.forEach((value, i) => void expect(value).toBeCloseTo(once!.chunk[i]! * 3, 9));
    index.close();
  });

  it('prefers short files, rare words, and more of a word', async () => {
    const { corpus, index, byPath } = await indexed(FILES);
    const zebra = byPath(score(corpus, [term('zebra')]).file);
    expect(zebra['a.py']).toBeGreaterThan(zebra['b.py']!);
    expect(rarity(100, 1)).toBeGreaterThan(rarity(100, 50));
    expect(rarity(10, 10)).toBeGreaterThan(0);
    index.close();
  });

  it('of words that nobody has is nothing', async () => {
    const { corpus, index } = await indexed(FILES);
    const { file, chunk } = score(corpus, [term('unicorn')]);
    expect([...file, ...chunk].every((value) => value === 0)).toBe(true);
    index.close();
  });

  it('counts a content once, however many files have it', async () => {
    const { corpus, index } = await indexed({ 'a.py': 'zebra\n', 'copy/a.py': 'zebra\n' });
    let postings = 0;
    eachPosting(corpus, hashTerm('zebra'), () => postings++);
    expect([postings, corpus.liveFiles]).toEqual([1, 1]);
    index.close();
  });

  it('of an empty folder has no files and no chunks', async () => {
    const { corpus, index } = await indexed({});
    expect([corpus.chunks, corpus.liveFiles]).toEqual([0, 0]);
    expect(score(corpus, readQuestion('zebra', '').terms).file).toHaveLength(0);
    index.close();
  });

  it('knows for a piece what it stands in: a class counts for its methods, a function for its later part', async () => {
    const body = (name: string): string =>
      Array.from({ length: 45 }, (_, i) => `        ${name}_${i} = ${i}\n\n`).join('');
    const { corpus, index } = await indexed({
      'a.py': `class Zebra:\n    def trot(self):\n${body('hoof')}\n    def graze(self):\n${body('grass')}`,
    });
    const chunks = new Set<number>();
    eachPosting(corpus, hashTerm('zebra'), (chunk) => chunks.add(chunk));
    expect(chunks.size).toBe(corpus.chunks);
    const trot = new Set<number>();
    eachPosting(corpus, hashTerm('s:trot'), (chunk) => trot.add(chunk));
    expect(trot.size).toBeGreaterThan(1);
    expect(trot.size).toBeLessThan(corpus.chunks);
    index.close();
  });
});
