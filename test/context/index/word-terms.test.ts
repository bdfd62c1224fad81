import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { termHashesAt } from '../../../src/context/index/word-terms.ts';
import { hashTerm, termsOf } from '../../../src/context/question/terms.ts';
import { STOP_WORDS } from '../../../src/context/question/words.ts';

const hashesOf = (word: string): number[] => {
  const codes = Uint16Array.from(`(${word})`, (unit) => unit.charCodeAt(0));
  return [...termHashesAt(codes, 1, codes.length - 1)];
};
const expected = (word: string): number[] => [...new Set(termsOf(word).map(hashTerm))];
const ENDINGS = [
  '',
  's',
  'sses',
  'ies',
  'us',
  'is',
  'ing',
  'ed',
  'er',
  'ion',
  'e',
  'y',
  'tting',
  'pped',
  'nner',
  'zzed',
];

describe('the hashes of the terms of a word', () => {
  for (const word of [
    'HTTPServer_name2',
    'parseXML',
    'XMLParser',
    'A1b22C333',
    '__init__',
    '$$',
    'ab',
    'x',
    'größe',
    'Größen_Änderung',
    'getGetGet',
    'x'.repeat(64),
    'x'.repeat(65),
  ])
    it(`of ${word.slice(0, 20)} are those of its terms`, () => {
      expect(hashesOf(word)).toEqual(expected(word));
    });

  it('are none for stop words, and all for the others', () => {
    for (const word of STOP_WORDS) if (!word.includes(' ')) expect(hashesOf(word), word).toEqual(expected(word));
  });

  it('are those of its terms for every ending that stemming knows, on stems of any length', () => {
    for (const stem of ['', 'a', 'ab', 'abs', 'pars', 'runn', 'class', 'beg'])
      for (const first of ENDINGS)
        for (const second of ENDINGS) {
          const word = stem + first + second;
          if (word.length > 1) expect(hashesOf(word), word).toEqual(expected(word));
        }
  });

  it('are those of its terms for any word of ASCII', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w$]{2,70}$/), (word) => {
        expect(hashesOf(word)).toEqual(expected(word));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are those of its terms for names made of parts', () => {
    const part = fc.constantFrom(
      'parsing',
      'Parser',
      'HTTP',
      'ies',
      'Classes',
      '_',
      '$',
      '12',
      '3',
      'the',
      'The',
      'é',
      'ß',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 9 }), (parts) => {
        const word = parts.join('');
        if (word.length > 1) expect(hashesOf(word)).toEqual(expected(word));
      }),
      { numRuns: 2_000 },
    );
  });
});
