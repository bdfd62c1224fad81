import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, pagesOf } from '../../src/mcp/pages.ts';
import { reassembled } from './reassemble.ts';

const LIMIT = 1_000;

describe('the pages of a result', () => {
  it('put together in order are the result, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const normal = JSON.parse(JSON.stringify(value)) as unknown;
        expect(reassembled(pagesOf(normal, LIMIT))).toEqual(normal);
      }),
    );
  });

  it('put together are the result also where its texts are longer than a page', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 3_000 });
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.string({ maxLength: 5 }), text }), { maxLength: 6 }), (candidates) => {
        const value = { candidates, n: 3 };
        expect(reassembled(pagesOf(value, LIMIT))).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('are never longer than asked, as JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4_000 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        for (const { pieces } of pagesOf({ texts }, LIMIT))
          expect(JSON.stringify(pieces).length).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same each time', () => {
    const value = { text: 'abc "quoted"\n'.repeat(500), rest: [1, 2, { a: 'x'.repeat(900) }] };
    expect(pagesOf(value, LIMIT)).toEqual(pagesOf(structuredClone(value), LIMIT));
  });

  it('never cut a character in half', () => {
    const pages = pagesOf({ text: '😀'.repeat(2_000) }, 1_001);
    expect(pages.length).toBeGreaterThan(3);
    for (const { pieces } of pages) for (const { value } of pieces) expect((value as string).isWellFormed()).toBe(true);
  });

  it('of a small result are one, which holds it whole', () => {
    expect(pagesOf({ text: 'short', n: 1 }, LIMIT)).toEqual([
      { number: 1, of: 1, pieces: [{ at: '', value: { text: 'short', n: 1 } }] },
    ]);
  });

  it('say where a piece belongs, in a way that can be read', () => {
    const long = 'x'.repeat(500);
    const pages = pagesOf({ candidates: [{ 'odd key': long }, { text: long }] }, 10_000);
    expect(pages[0]!.pieces.map(({ at }) => at)).toEqual(['candidates[0]["odd key"]', 'candidates[1].text']);
  });

  it('keep texts readable: a line break is a line break, not an escape in an escape', () => {
    const [page] = pagesOf({ text: 'line\n'.repeat(300) }, 10_000);
    expect(page!.pieces).toEqual([{ at: 'text', value: 'line\n'.repeat(300) }]);
  });
});

describe('where a text is cut', () => {
  it.each([
    ['abc', 10, 3],
    ['abc', 2, 2],
    ['a"b', 2, 1],
    ['😀😀', 3, 2],
    ['😀', 1, 0],
    ['abc', 0, 0],
    ['abc', -5, 0],
  ])('%j within %d characters of JSON is cut at %d', (text, characters, at) => {
    expect(cutAt(text, characters)).toBe(at);
  });
});
