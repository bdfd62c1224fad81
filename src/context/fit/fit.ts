import { familyOf } from '../collect/kinds.ts';
import { chunksOf } from '../index/chunks.ts';
import type { RankedFile, Ranking } from '../rank/rank.ts';
import { CHUNK_WEIGHTS, type StageWeights } from '../weights.ts';
import { condensed } from './condense.ts';
import { fill, type Piece, type Stretch, stretchesOf } from './select.ts';
import { openSource, type Source } from './source.ts';
import type { CountTokens } from './tokens.ts';

/** What may be packed: the sources of the best files, cut into pieces. */
export interface Offer {
  readonly sources: ReadonlyMap<number, Source>;
  /** Pieces of files the caller named, and of the others. */
  readonly namedPieces: readonly Piece[];
  readonly pieces: readonly Piece[];
  /** Named files that could be read, and those that could not, with the reason. */
  readonly named: readonly Source[];
  readonly unreadable: ReadonlyArray<{ readonly path: string; readonly why: string }>;
  /** Tokens of a piece, counted once. */
  readonly cost: (piece: Piece) => number;
}

const MOST_FILES = 40;
const NAMED_SHARE = 0.7;
const CHARACTERS_A_TOKEN = 4;
const FRAME_TOKENS = 10;
const FRAME_CHARACTERS = 100;

/** Opens the best files and the named ones and values their pieces. */
export function offerPieces(
  root: string,
  ranking: Ranking,
  named: ReadonlySet<string>,
  stage: StageWeights,
  count: CountTokens,
): Offer {
  const sources = new Map<number, Source>();
  const pieces: Piece[] = [];
  const namedPieces: Piece[] = [];
  const unreadable: { path: string; why: string }[] = [];
  for (const ranked of ranking.files.slice(0, Math.max(MOST_FILES, named.size))) {
    const isNamed = named.has(ranked.path);
    const source = openSource(root, ranked, isNamed);
    if (typeof source === 'string') {
      if (isNamed) unreadable.push({ path: ranked.path, why: source });
      continue;
    }
    sources.set(ranked.file, source);
    (isNamed ? namedPieces : pieces).push(...piecesOf(source, ranking, stage, isNamed));
  }
  const namedSources = [...sources.values()].filter(({ ranked }) => named.has(ranked.path));
  return { sources, namedPieces, pieces, named: namedSources, unreadable, cost: costs(sources, count) };
}

/** The pieces worth most for `budget` tokens, the most valuable first; named files before all others. */
export function choosePieces({ sources, namedPieces, pieces, cost }: Offer, budget: number): Piece[] {
  const first = fill(firstOfEach(namedPieces, sources, budget), budget, cost);
  const taken = new Set(first);
  const spent = (): number => first.reduce((sum, piece) => sum + cost(piece), 0);
  const share = (pieces.length > 0 ? budget * NAMED_SHARE : budget) - spent();
  first.push(
    ...fill(
      namedPieces.filter((piece) => !taken.has(piece)),
      share,
      cost,
    ),
  );
  const chosen = new Set(first);
  const rest = [...namedPieces.filter((piece) => !chosen.has(piece)), ...pieces];
  return [...first, ...fill(rest, budget - spent(), cost)];
}

/** The best piece of each named file, or as much of its beginning as is the file's part of the budget. */
function firstOfEach(pieces: readonly Piece[], sources: ReadonlyMap<number, Source>, budget: number): Piece[] {
  const byFile = Map.groupBy(pieces, (piece) => piece.file);
  const most = (budget * CHARACTERS_A_TOKEN) / Math.max(1, byFile.size) - FRAME_CHARACTERS;
  return [...byFile].map(([file, own]) => {
    const best = own.reduce((a, b) => (b.value > a.value ? b : a));
    if (best.characters <= most) return best;
    const { raw: lines } = sources.get(file)!;
    const { start } = best.parts[0]!;
    let end = start;
    let characters = charactersOf(lines, start, start);
    while (end < best.parts[0]!.end && characters + lines[end]!.length < most) characters += lines[end++]!.length + 1;
    return { ...best, parts: [{ start, end }], characters };
  });
}

/** The chunks of a source as pieces: belief in the file, shared among its chunks, over what they cost. */
function piecesOf({ ranked, raw: lines }: Source, ranking: Ranking, stage: StageWeights, whole: boolean): Piece[] {
  const { file, belief, path } = ranked;
  const family = familyOf(path) ?? 'text';
  const stretches = stretchesIn(ranked, lines, ranking);
  const shares = sharesOf(stretches, lines, ranked, ranking, stage);
  return stretches.flatMap((stretch, i) => {
    const parts = whole ? [{ start: stretch.start, end: stretch.end }] : condensed(lines, stretch, family);
    if (parts.length === 0) return [];
    const characters = parts.reduce((sum, { start, end }) => sum + charactersOf(lines, start, end), 0);
    const cost = characters / CHARACTERS_A_TOKEN + FRAME_TOKENS * parts.length;
    return [{ file, parts, characters, value: (belief * shares[i]!) / cost ** CHUNK_WEIGHTS.length }];
  });
}

/** The stretches the index knows, with the number of their chunk; cut anew where it knows none. */
function stretchesIn(
  { file, path }: RankedFile,
  lines: readonly string[],
  { corpus }: Ranking,
): Array<Stretch & { readonly chunk: number }> {
  const { segment } = corpus.index.places[file]!;
  if (segment < 0)
    return chunksOf(lines, familyOf(path) ?? 'text').map(({ start, end }) => ({ start, end, chunk: -1 }));
  const { stretches, firstChunk } = stretchesOf(corpus.index, file, lines.length);
  return stretches.map((stretch, i) => ({ ...stretch, chunk: corpus.base[segment]! + firstChunk + i }));
}

function charactersOf(lines: readonly string[], start: number, end: number): number {
  let characters = 0;
  for (let line = start; line <= end; line++) characters += lines[line - 1]!.length + 1;
  return characters;
}

/** How belief in a file is shared among its chunks: the softmax of their weighted signals. */
function sharesOf(
  stretches: ReadonlyArray<Stretch & { readonly chunk: number }>,
  lines: readonly string[],
  ranked: RankedFile,
  ranking: Ranking,
  stage: StageWeights,
): number[] {
  const words = stretches.map(({ chunk }) => (chunk < 0 ? 0 : ranking.chunkWords[chunk]!));
  const symbols = stretches.map(({ chunk }) => (chunk < 0 ? 0 : ranking.chunkSymbols[chunk]!));
  const names = stretches.map(({ chunk }) => (chunk < 0 ? 0 : ranking.chunkNames[chunk]!));
  const best = Math.max(...words) || 1;
  const bestSymbol = Math.max(...symbols) || 1;
  const points = ranking.points.get(ranked.file) ?? [];
  const changed = ranking.changed.get(ranked.path) ?? [];
  const scores = stretches.map(
    ({ start, end }, i) =>
      CHUNK_WEIGHTS.within * (words[i]! / best) +
      CHUNK_WEIGHTS.corpus * words[i]! +
      CHUNK_WEIGHTS.neighbour * (Math.max(words[i - 1] ?? 0, words[i + 1] ?? 0) / best) +
      CHUNK_WEIGHTS.symbol * (symbols[i]! / bestSymbol) +
      CHUNK_WEIGHTS.name * names[i]! +
      CHUNK_WEIGHTS.size * Math.log(charactersOf(lines, start, end) + 1) +
      (points.some((line) => line >= start && line <= end) ? CHUNK_WEIGHTS.point : 0) +
      (changed.some(([from, to]) => from <= end && to >= start) ? stage.changedChunk : 0) +
      (start === 1 ? CHUNK_WEIGHTS.first : 0),
  );
  const top = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - top));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / whole);
}

/** Exact costs, each counted when asked for. */
function costs(sources: ReadonlyMap<number, Source>, count: CountTokens): (piece: Piece) => number {
  const known = new Map<Piece, number>();
  return (piece) => {
    let cost = known.get(piece);
    if (cost === undefined) {
      const { lines } = sources.get(piece.file)!;
      cost = count(piece.parts.map(({ start, end }) => lines.slice(start - 1, end).join('\n')).join('\n')) + 1;
      known.set(piece, cost);
    }
    return cost;
  };
}
