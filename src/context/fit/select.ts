import type { Index } from '../index/open-index.ts';

/** A stretch of a file that may be packed. */
export interface Piece {
  readonly file: number;
  /** Its lines: one stretch, or several where prose in between is left out. */
  readonly parts: readonly Stretch[];
  readonly characters: number;
  readonly value: number;
}

/** Lines from 1, ends included. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const GAP = 3;
const TOKENS_A_FILE = 14;
const TOKENS_A_PIECE = 10;
const SMALLEST = 24;
/** No ordinary text has more: a cheap lower bound on tokens. */
const MOST_CHARACTERS_A_TOKEN = 8;

/** First and last lines of a file's chunks as the index has them, cut to the lines the file has now. */
export function stretchesOf(index: Index, file: number, lines: number): { stretches: Stretch[]; firstChunk: number } {
  const { segment, doc } = index.places[file]!;
  if (segment < 0) return { stretches: [], firstChunk: 0 };
  const { firstChunk, chunkStarts } = index.segments[segment]!;
  const from = firstChunk[doc]!;
  const to = firstChunk[doc + 1] ?? chunkStarts.length;
  const stretches: Stretch[] = [];
  for (let chunk = from; chunk < to; chunk++) {
    const start = Math.min(chunkStarts[chunk]!, lines);
    const end = chunk + 1 < to ? Math.min(chunkStarts[chunk + 1]! - 1, lines) : lines;
    stretches.push({ start, end: Math.max(start, end) });
  }
  return { stretches, firstChunk: from };
}

/**
 * Takes pieces, the most valuable first, as long as they fit; a smaller one may still fit where a larger did not.
 * `cost` is asked only for pieces that are about to be taken.
 */
export function fill(pieces: readonly Piece[], budget: number, cost: (piece: Piece) => number): Piece[] {
  const chosen: Piece[] = [];
  const open = new Set<number>();
  let left = budget;
  for (const piece of byValue(pieces)) {
    const frame = TOKENS_A_PIECE * piece.parts.length + (open.has(piece.file) ? 0 : TOKENS_A_FILE);
    if (left < SMALLEST) break;
    if (piece.characters / MOST_CHARACTERS_A_TOKEN + frame > left) continue;
    const tokens = cost(piece) + frame;
    if (tokens > left) continue;
    left -= tokens;
    open.add(piece.file);
    chosen.push(piece);
  }
  return chosen;
}

/** Pieces in the order in which they are taken; sorting them again costs little. */
export function byValue(pieces: readonly Piece[]): Piece[] {
  return pieces.toSorted((a, b) => b.value - a.value || a.file - b.file || a.parts[0]!.start - b.parts[0]!.start);
}

/** Sorted ranges without overlap; what lies only a few lines apart becomes one. */
export function merged(stretches: readonly Stretch[], gap = GAP): Array<[start: number, end: number]> {
  const ranges: Array<[number, number]> = [];
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start <= last[1] + 1 + gap) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}
