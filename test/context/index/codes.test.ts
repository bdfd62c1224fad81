import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Codes } from '../../../src/context/index/codes.ts';
import { eachWord } from '../../../src/context/index/words-in.ts';

type Visit = readonly [start: number, end: number, hash: number, second: number];
const visits = (walk: (visit: (...one: Visit) => void) => void): Visit[] => {
  const found: Visit[] = [];
  walk((...one) => found.push(one));
  return found;
};

describe('the units of a text', () => {
  it('have the words that the text has, with the same hashes, whatever text was there before', () => {
    const codes = new Codes();
    const piece = fc.constantFrom('word', 'Größe', '😀', ' ', '\n', '(', '_x$', 'x', '\ud800', 'ab '.repeat(800));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(20), (pieces, from) => {
        const text = pieces.join('');
        codes.take(text);
        const start = Math.min(from, text.length);
        let count = -1;
        const own = visits((visit) => (count = codes.eachWord(start, text.length, visit)));
        expect(own).toEqual(visits((visit) => eachWord(text, start, text.length, visit)));
        expect(count).toBe(own.length);
      }),
      { numRuns: 500 },
    );
  });

  it('hold texts that are longer than any before', () => {
    const codes = new Codes();
    const text = `${'é'.repeat(300_000)} end`;
    codes.take(text);
    expect(String.fromCharCode(...codes.units.subarray(299_999, text.length))).toBe('é end');
    codes.take('next one');
    expect(codes.eachWord(0, 8, () => {})).toBe(2);
  });
});
