import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { countTokens as reference } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { loadTokenCounter } from '../../../src/context/fit/tokens.ts';

const plainly = { disallowedSpecial: new Set<string>() };

describe('counting tokens', () => {
  it('agrees with the encoding on ordinary text', async () => {
    const count = await loadTokenCounter();
    const ordinary = fc
      .array(fc.string({ maxLength: 60, unit: 'grapheme' }), { maxLength: 30 })
      .map((lines) => lines.join('\n'));
    fc.assert(fc.property(ordinary, (text) => count(text) === reference(text, plainly)));
  });

  it('agrees with the encoding on source code, on every kind of character, and on bytes that are no text', async () => {
    const count = await loadTokenCounter();
    const parts = fc.constantFrom(
      'def ',
      'getHTTPResponse',
      '_x1',
      '    ',
      '\t',
      '\r\n',
      '\n\n\n',
      "it's",
      '!==',
      '//',
      '日本語',
      '😀',
      'é',
      '\ud800',
      '1234567',
      '\u0000',
      'ﬁ',
      'Ǆ',
      '\u0301',
      ' ',
    );
    const mixed = fc
      .array(fc.oneof(parts, fc.string({ maxLength: 5, unit: 'binary' })), { maxLength: 60 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(mixed, (text) => count(text) === reference(text, plainly)),
      { numRuns: 1_000 },
    );
    const source = readFileSync(new URL('../../../src/context/fit/o200k.ts', import.meta.url), 'utf8');
    expect(count(source)).toBe(reference(source, plainly));
  });

  it('takes special tokens as the text they are', async () => {
    const count = await loadTokenCounter();
    expect(count('a <|endoftext|> b <|im_start|>')).toBeGreaterThan(6);
  });

  it('agrees with the encoding on long runs of one kind', async () => {
    const count = await loadTokenCounter();
    const run = fc
      .tuple(
        fc.constantFrom('a', 'ab', ' ', '\t ', '\n', '=', '=-', '*', '0', 'é', '😀', '\u0000', 'aB', 'xyz_'),
        fc.nat(900),
      )
      .map(([unit, times]) => unit.repeat(times));
    fc.assert(
      fc.property(fc.array(run, { maxLength: 4 }), (runs) => {
        const text = runs.join('x');
        return count(text) === reference(text, plainly);
      }),
      { numRuns: 60 },
    );
  });

  it('is done with very long runs of one kind in no time', async () => {
    const count = await loadTokenCounter();
    for (const unit of ['a', ' ', '\n', '=', '0', 'é', '😀', '\u0000', 'abc'])
      expect(count(unit.repeat(100_000))).toBeGreaterThan(100);
  });

  it('counts nothing for nothing', async () => {
    const count = await loadTokenCounter();
    expect(count('')).toBe(0);
  });
});
