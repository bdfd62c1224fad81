import { behindLinks } from '../collect/facts.ts';
import type { Ranking } from '../rank/rank.ts';
import { pieceCosts } from './piece-costs.ts';
import { byValue, fill, type Piece } from './select.ts';
import { openSource, type Source } from './source.ts';
import type { CountTokens } from './tokens.ts';
import { CHARACTERS_A_TOKEN, charactersOf, type Measure, valuedPieces } from './value.ts';

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
const FRAME_CHARACTERS = 100;

/** Opens the best files and the named ones and values their pieces. */
export function offerPieces(
  root: string,
  ranking: Ranking,
  named: ReadonlySet<string>,
  measure: Measure,
  count: CountTokens,
): Offer {
  const sources = new Map<number, Source>();
  const isBehindLink = behindLinks(root);
  const unreadable: { path: string; why: string }[] = [];
  for (const ranked of ranking.files.slice(0, Math.max(MOST_FILES, named.size))) {
    const isNamed = named.has(ranked.path);
    const source = openSource(root, ranked, isNamed, isBehindLink);
    if (typeof source === 'string') {
      if (isNamed) unreadable.push({ path: ranked.path, why: source });
      continue;
    }
    sources.set(ranked.file, source);
  }
  const [namedPieces, pieces] = [true, false].map((isNamed) => {
    const own = [...sources.values()].filter(({ ranked }) => named.has(ranked.path) === isNamed);
    return valuedPieces(own, ranking, measure, isNamed);
  });
  const namedSources = [...sources.values()].filter(({ ranked }) => named.has(ranked.path));
  return {
    sources,
    namedPieces: namedPieces!,
    pieces: byValue(pieces!),
    named: namedSources,
    unreadable,
    cost: pieceCosts(sources, count),
  };
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
