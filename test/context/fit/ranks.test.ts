import fc from 'fast-check';
import o200k from 'gpt-tokenizer/bpeRanks/o200k_base';
import { describe, expect, it } from 'vitest';
import { o200kTables } from '../../../src/context/fit/o200k-tables.ts';
import { blankTables, NONE, Ranks } from '../../../src/context/fit/ranks.ts';

const bytesOf = (token: string | readonly number[]): Uint8Array =>
  typeof token === 'string' ? Buffer.from(token, 'utf8') : Uint8Array.from(token);

describe('ranks', () => {
  const all = new Ranks(o200kTables());
  const tokens = o200k.map(bytesOf);

  it('of every token of the vocabulary are those that it has', () => {
    const wrong = tokens.filter((token, rank) => all.of(token, 0, token.length) !== rank);
    expect(tokens.length).toBeGreaterThan(199_000);
    expect(wrong).toEqual([]);
  });

  it('are found for bytes inside of others', () => {
    const bytes = Buffer.from('xx function yy');
    const word = Buffer.from(' function');
    expect(all.of(bytes, 2, 11)).toBe(all.of(word, 0, word.length));
    expect(all.of(word, 0, word.length)).not.toBe(NONE);
  });

  it('are none for what is no token', () => {
    const known = new Set(tokens.map((token) => Buffer.from(token).toString('hex')));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
        const isToken = known.has(Buffer.from(bytes).toString('hex'));
        return (all.of(bytes, 0, bytes.length) !== NONE) === isToken;
      }),
      { numRuns: 2_000 },
    );
  });

  it('are none at all on blank tables, and found by all who look into tables that one has filled', () => {
    const tables = blankTables();
    const token = Buffer.from('abc');
    expect(new Ranks(tables).of(token, 0, 3)).toBe(NONE);
    new Ranks(tables).add(token, 3, 7);
    expect(new Ranks(tables).of(token, 0, 3)).toBe(7);
    expect(new Ranks(tables).of(token, 0, 2)).toBe(NONE);
  });
});
