import { familyOf } from '../collect/kinds.ts';
import { chunksOf } from '../index/chunks.ts';
import type { RankedFile, Ranking } from '../rank/rank.ts';
import { FIRST_PIECE, type PieceWeights, type StageWeights } from '../weights.ts';
import { condensed } from './condense.ts';
import { type Reading, readPassages } from './reading.ts';
import { type Piece, type Stretch, stretchesOf } from './select.ts';
import type { Source } from './source.ts';

export const CHARACTERS_A_TOKEN = 4;
const FRAME_TOKENS = 10;

/** What pieces are valued by. */
export interface Measure {
  readonly stage: StageWeights;
  readonly weights: PieceWeights;
}

/** A piece before it has a value. */
interface Candidate extends Stretch {
  readonly chunk: number;
  readonly parts: readonly Stretch[];
  readonly characters: number;
}

/** The pieces of sources: belief in the file, shared among its pieces, over what they cost. `whole`: prose stays in. */
export function valuedPieces(sources: readonly Source[], ranking: Ranking, measure: Measure, whole: boolean): Piece[] {
  const candidates = sources.map((source) => candidatesOf(source, ranking, whole));
  const readings = readPassages(
    sources.flatMap(({ raw }, i) => candidates[i]!.map(({ start, end }) => ({ lines: raw, start, end }))),
    ranking.question,
  );
  let read = 0;
  return sources.flatMap(({ ranked }, i) => {
    const own = candidates[i]!;
    const shares = sharesOf(own, readings.slice(read, read + own.length), ranked, ranking, measure);
    read += own.length;
    return withValues(own, shares, ranked, measure.weights.length);
  });
}

/** The stretches the index knows, with the number of their chunk; cut anew where it knows none. */
function candidatesOf({ ranked: { file, path }, raw }: Source, { corpus }: Ranking, whole: boolean): Candidate[] {
  const { segment } = corpus.index.places[file]!;
  const family = familyOf(path) ?? 'text';
  const numbered = (): Array<Stretch & { readonly chunk: number }> => {
    const { stretches, firstChunk } = stretchesOf(corpus.index, file, raw.length);
    return stretches.map((stretch, i) => ({ ...stretch, chunk: corpus.base[segment]! + firstChunk + i }));
  };
  const stretches = segment < 0 ? chunksOf(raw, family).map((chunk) => ({ ...chunk, chunk: -1 })) : numbered();
  return stretches.flatMap(({ start, end, chunk }) => {
    const parts = whole ? [{ start, end }] : condensed(raw, { start, end }, family);
    const characters = parts.reduce((sum, part) => sum + charactersOf(raw, part.start, part.end), 0);
    return parts.length > 0 ? [{ start, end, chunk, parts, characters }] : [];
  });
}

/** Characters of some lines, line ends included. */
export function charactersOf(lines: readonly string[], start: number, end: number): number {
  let characters = 0;
  for (let line = start; line <= end; line++) characters += lines[line - 1]!.length + 1;
  return characters;
}

/** How belief in a file is shared among its pieces: the softmax of their weighted signals. */
function sharesOf(
  candidates: readonly Candidate[],
  readings: readonly Reading[],
  ranked: RankedFile,
  ranking: Ranking,
  { stage, weights }: Measure,
): number[] {
  if (candidates.length === 0) return [];
  const known = (scores: Float64Array): number[] => candidates.map(({ chunk }) => (chunk < 0 ? 0 : scores[chunk]!));
  const [words, symbols, names] = [known(ranking.chunkWords), known(ranking.chunkSymbols), known(ranking.chunkNames)];
  const best = Math.max(...words) || 1;
  const bestSymbol = Math.max(...symbols) || 1;
  const points = ranking.points.get(ranked.file) ?? [];
  const changed = ranking.changed.get(ranked.path) ?? [];
  const scores = candidates.map(
    ({ start, end, characters }, i) =>
      weights.within * (words[i]! / best) +
      weights.corpus * words[i]! +
      weights.neighbour * (Math.max(words[i - 1] ?? 0, words[i + 1] ?? 0) / best) +
      weights.symbol * (symbols[i]! / bestSymbol) +
      weights.name * names[i]! +
      weights.identifier * readings[i]!.identifiers +
      weights.pair * readings[i]!.pairs +
      weights.size * Math.log(characters + 1) +
      weights.steps * Math.log(readings[i]!.steps + 1) +
      (points.some((line) => line >= start && line <= end) ? weights.point : 0) +
      (changed.some(([from, to]) => from <= end && to >= start) ? stage.changedChunk : 0),
  );
  const top = scores.reduce((a, b) => Math.max(a, b));
  const shares = scores.map((score) => Math.exp(score - top));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / whole);
}

/** What each piece is worth for its price; the best of a file is worth more, so that likely files are there at all. */
function withValues(
  candidates: readonly Candidate[],
  shares: readonly number[],
  { file, belief }: RankedFile,
  power: number,
): Piece[] {
  const prices = candidates.map(
    ({ characters, parts }) => (characters / CHARACTERS_A_TOKEN + FRAME_TOKENS * parts.length) ** power,
  );
  const worth = shares.map((share, i) => share / prices[i]!);
  const best = worth.indexOf(worth.reduce((a, b) => Math.max(a, b), 0));
  return candidates.map(({ parts, characters }, i) => {
    const extra = i === best ? FIRST_PIECE / prices[i]! : 0;
    return { file, parts, characters, value: belief * (worth[i]! + extra) };
  });
}
