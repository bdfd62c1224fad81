import fc from 'fast-check';
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { describe, expect, it } from 'vitest';
import { pieceEnd } from '../../../src/context/fit/o200k-pieces.ts';

/** The pieces of a text; where only the pattern can tell, from it. */
function piecesOf(text: string): { pieces: string[]; asked: number } {
  const units = Uint16Array.from({ length: text.length + 3 }, (_, i) => (i < text.length ? text.charCodeAt(i) : 115));
  const pattern = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, 'yu');
  const pieces: string[] = [];
  let asked = 0;
  for (let at = 0; at < text.length; ) {
    let end = pieceEnd(units, at, text.length);
    if (end < 0) {
      asked++;
      pattern.lastIndex = at;
      end = at + pattern.exec(text)![0].length;
    }
    pieces.push(text.slice(at, end));
    at = end;
  }
  return { pieces, asked };
}

const byPattern = (text: string): string[] => [...text.matchAll(O200K_TOKEN_SPLIT_REGEX)].map(([piece]) => piece);
const SIGNS = [...'azAZ09_(){}"/#\\~\u007f\u0001'];
const SPACES = [' ', '  ', '\t', '\n', '\r\n', '\f', '\v'];
const ENDINGS = ["'s", "'T", "'ll", "'VE", "'re", "'l", "'"];

describe('the end of a piece', () => {
  it('is where the pattern of o200k ends it, for any text of ASCII, without asking the pattern', () => {
    const part = fc.constantFrom(...SIGNS, ...SPACES, ...ENDINGS, 'HTTPServer', '12345');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
        const text = parts.join('');
        expect(piecesOf(text)).toEqual({ pieces: byPattern(text), asked: 0 });
      }),
      { numRuns: 5_000 },
    );
  });

  it('is left to the pattern where it may depend on what is beyond ASCII, and right everywhere else', () => {
    const part = fc.constantFrom(
      ...SIGNS,
      ...SPACES,
      ...ENDINGS,
      'é',
      'É',
      '字',
      '😀',
      '\u00a0',
      '\u2028',
      '\u0301',
      '٣',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 16 }), (parts) => {
        const text = parts.join('');
        expect(piecesOf(text).pieces).toEqual(byPattern(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is told without the pattern for code', () => {
    const code = "export function add(a: number) {\n\treturn a's + 100000; // HTTPServer2\n}\r\n\r\n  \n";
    expect(piecesOf(code)).toEqual({ pieces: byPattern(code), asked: 0 });
  });
});
