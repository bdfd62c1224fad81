import { describe, expect, it } from 'vitest';
import { assemble, type Draft } from '../../../src/context/fit/assemble.ts';
import { choosePieces, type Offer } from '../../../src/context/fit/fit.ts';
import type { Piece } from '../../../src/context/fit/select.ts';
import { Source } from '../../../src/context/fit/source.ts';
import type { CountTokens } from '../../../src/context/fit/tokens.ts';

/** A token a word: simple to reckon with. */
const count: CountTokens = (text) => text.split(/\s+/).filter(Boolean).length;

const lines = (name: string, total: number): string =>
  Array.from({ length: total }, (_, i) => `${name} line ${i + 1}`).join('\n');

/** A source of so many lines of three words, cut into pieces of ten. */
function sourceOf(file: number, total: number, belief: number): Source {
  return new Source({ file, path: `f${file}.py`, belief, signals: {} }, lines(`f${file}`, total));
}

function piecesOf({ raw, ranked }: Source, value: (i: number) => number): Piece[] {
  return Array.from({ length: Math.ceil(raw.length / 10) }, (_, i) => {
    const [start, end] = [i * 10 + 1, Math.min(raw.length, i * 10 + 10)];
    const characters = raw.slice(start - 1, end).join('\n').length + 1;
    return { file: ranked.file, parts: [{ start, end }], characters, value: value(i) };
  });
}

function offerOf(named: readonly Source[], others: readonly Source[], value = (i: number) => 1 / (i + 1)): Offer {
  const all = [...named, ...others];
  const sources = new Map(all.map((source) => [source.ranked.file, source]));
  return {
    sources,
    named,
    unreadable: [],
    namedPieces: named.flatMap((source) => piecesOf(source, value)),
    pieces: others.flatMap((source) => piecesOf(source, value)),
    cost: ({ file, parts }) =>
      count(
        parts
          .map(({ start, end }) =>
            sources
              .get(file)!
              .lines.slice(start - 1, end)
              .join('\n'),
          )
          .join('\n'),
      ) + 1,
  };
}

const filesIn = (pieces: readonly Piece[]): Set<number> => new Set(pieces.map(({ file }) => file));

describe('choosing pieces', () => {
  it('takes the named files first, each at least in part, before any other', () => {
    const named = [1, 2, 3].map((file) => sourceOf(file, 100, 0.01));
    const chosen = choosePieces(offerOf(named, [sourceOf(9, 100, 0.9)]), 400);
    expect(filesIn(chosen.slice(0, 3))).toEqual(new Set([1, 2, 3]));
  });

  it('leaves some of the budget to others, however long the named files are', () => {
    const chosen = choosePieces(offerOf([sourceOf(1, 900, 0.9)], [sourceOf(9, 100, 0.1)]), 600);
    expect(filesIn(chosen)).toEqual(new Set([1, 9]));
  });

  it('gives named files all of it when there is nothing else', () => {
    const offer = offerOf([sourceOf(1, 100, 1)], []);
    const all = choosePieces(offer, 10_000);
    expect(all).toHaveLength(10);
  });

  it('takes the beginning of the best piece where a file has more than its part', () => {
    const wide = Array.from({ length: 10 }, () => 'x'.repeat(40)).join('\n');
    const long = new Source({ file: 1, path: 'f1.py', belief: 1, signals: {} }, wide);
    const [first] = choosePieces(offerOf([long], []), 60);
    expect(first!.parts[0]!.start).toBe(1);
    expect(first!.parts[0]!.end).toBeLessThan(10);
  });

  it('takes no piece twice, and none for no tokens', () => {
    const offer = offerOf([sourceOf(1, 60, 0.5)], [sourceOf(2, 60, 0.5)]);
    const chosen = choosePieces(offer, 2_000);
    const keys = chosen.map(({ file, parts }) => `${file}:${parts[0]!.start}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(choosePieces(offer, 0)).toEqual([]);
  });
});

describe('putting a text together', () => {
  const draft = (offer: Offer, changes: Partial<Draft> = {}): Draft => ({
    offer,
    errors: [],
    outline: 0,
    room: 300,
    receipt: (sections) => `(${sections.length} files)`,
    ...changes,
  });

  it('has what fits, counted whole, the likeliest file first, neighbours as one range', async () => {
    const offer = offerOf([], [sourceOf(1, 30, 0.2), sourceOf(2, 30, 0.8)]);
    const { text, tokens, parts } = await assemble(draft(offer), 1_000, count);
    expect(tokens).toBe(count(text));
    expect(parts.sections.map(({ source, ranges }) => [source.ranked.file, ranges])).toEqual([
      [2, [[1, 30]]],
      [1, [[1, 30]]],
    ]);
    expect(text).toMatch(/\(2 files\)\n$/);
  });

  it('fills again what the first reckoning left free', async () => {
    const offer = offerOf([], [sourceOf(1, 400, 1)]);
    const { tokens } = await assemble(draft(offer, { room: 100 }), 1_000, count);
    expect(tokens).toBeGreaterThan(800);
    expect(tokens).toBeLessThanOrEqual(1_000);
  });

  it('gives up outlines, then pieces, then the receipt, then the first of the errors', async () => {
    const offer = offerOf([], [sourceOf(1, 30, 0.9), sourceOf(2, 30, 0.1)]);
    const errors = ['Error: one', 'Error: two', 'Error: three'];
    const at = async (budget: number) => {
      const { parts, tokens } = await assemble(draft(offer, { errors, outline: 50, room: 110 }), budget, count);
      expect(tokens).toBeLessThanOrEqual(budget);
      return {
        pieces: parts.sections.length > 0,
        outline: parts.outline.length > 0,
        receipt: parts.receipt !== '',
        errors: parts.errors,
      };
    };
    expect((await at(1_000)).errors).toEqual(errors);
    expect(await at(20)).toEqual({ pieces: false, outline: false, receipt: true, errors });
    expect(await at(10)).toMatchObject({ pieces: false, receipt: false, errors });
    const little = await at(8);
    expect(little.errors.at(-1)).toBe('Error: three');
    expect(little.errors.length).toBeLessThan(3);
  });

  it('is nothing where not even that fits', async () => {
    const offer = offerOf([], [sourceOf(1, 30, 1)]);
    expect(await assemble(draft(offer, { errors: ['Error: one'] }), 0, count)).toMatchObject({ text: '', tokens: 0 });
    expect(await assemble(draft(offer), 1, count)).toMatchObject({ text: '', tokens: 0 });
  });
});
