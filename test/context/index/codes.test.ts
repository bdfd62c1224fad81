import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Codes } from '../../../src/context/index/codes.ts';
import { eachWord } from './words-of.ts';

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
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (pieces, step) => {
        const text = pieces.join('');
        codes.take(text);
        const own: Visit[] = [];
        let count = 0;
        for (let line = 0; line < text.split('\n').length; line += step)
          count += codes.eachWordOf(step, (...one) => own.push(one));
        expect(own).toEqual(visits((visit) => eachWord(text, visit)));
        expect(count).toBe(own.length);
      }),
      { numRuns: 500 },
    );
  });

  it('are visited line by line, each line once', () => {
    const codes = new Codes();
    const text = 'first line\n\nthird one here\nlast';
    codes.take(text);
    const words = (lines: number): string[] => {
      const found: string[] = [];
      codes.eachWordOf(lines, (start, end) => found.push(text.slice(start, end)));
      return found;
    };
    expect([words(1), words(1), words(2), words(1)]).toEqual([
      ['first', 'line'],
      [],
      ['third', 'one', 'here', 'last'],
      [],
    ]);
  });

  it('hold texts that are longer than any before', () => {
    const codes = new Codes();
    const text = `${'é'.repeat(300_000)} end`;
    codes.take(text);
    expect(String.fromCharCode(...codes.units.subarray(299_999, text.length))).toBe('é end');
    codes.take('next one');
    expect(codes.eachWordOf(1, () => {})).toBe(2);
  });
});
