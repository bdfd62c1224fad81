import { familyOf } from '../collect/kinds.ts';
import { indentOf } from '../index/chunks.ts';
import { type Parts, renderText, type Section } from '../render.ts';
import { choosePieces, type Offer } from './fit.ts';
import { outlineOf } from './outline.ts';
import { type Surroundings, surroundingsOf } from './scopes.ts';
import { merged, type Piece } from './select.ts';
import type { Source } from './source.ts';
import type { CountTokens } from './tokens.ts';

/** A text within its budget and what is in it. */
export interface Assembled {
  readonly text: string;
  readonly tokens: number;
  readonly parts: Parts;
}

const OUTLINED = 25;
const MOST_PARSED = 300_000;
const MOST_ROUNDS = 60;

/** What goes into the text beside the pieces. */
export interface Draft {
  readonly offer: Offer;
  readonly errors: readonly string[];
  /** Tokens for outlines. */
  readonly outline: number;
  /** Tokens for pieces, as far as can be told before the text is there. */
  readonly room: number;
  readonly receipt: (sections: readonly Section[]) => string;
}

const SLACK = 0.03;
const MOST_REFILLS = 3;

/** Puts the text together and counts it whole; what is left of the budget then is filled again. */
export async function assemble(draft: Draft, budget: number, count: CountTokens): Promise<Assembled> {
  const places = new Places(draft.offer);
  try {
    let room = draft.room;
    let best = await assembleOnce(draft, choosePieces(draft.offer, room), places, budget, count);
    for (let round = 0; round < MOST_REFILLS; round++) {
      const slack = budget - best.tokens;
      if (slack <= budget * SLACK) break;
      room += slack;
      const fuller = await assembleOnce(draft, choosePieces(draft.offer, room), places, budget, count);
      if (fuller.tokens <= best.tokens) break;
      best = fuller;
    }
    return best;
  } finally {
    places.close();
  }
}

/** One text of these pieces; while it is too long, the least valuable goes. */
async function assembleOnce(
  { offer, errors, outline, receipt }: Draft,
  chosen: readonly Piece[],
  places: Places,
  budget: number,
  count: CountTokens,
): Promise<Assembled> {
  await places.open(chosen);
  let outlines = outlinesWithin(offer, chosen, outline, count);
  let pieces = [...chosen];
  let kept = [...errors];
  let withReceipt = true;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sections = sectionsOf(pieces, offer.sources, places);
    const parts: Parts = { errors: kept, sections, outline: outlines, receipt: withReceipt ? receipt(sections) : '' };
    const text = renderText(parts);
    const tokens = count(text);
    if (tokens <= budget) return { text, tokens, parts };
    if (outlines.length > 0) outlines = outlines.slice(0, Math.floor(outlines.length / 2));
    else if (pieces.length > 0) pieces = dropped(pieces, tokens - budget);
    else if (withReceipt) withReceipt = false;
    else if (kept.length > 0) kept = kept.slice(Math.ceil(kept.length / 3));
    else break;
  }
  return NOTHING;
}

const NOTHING: Assembled = { text: '', tokens: 0, parts: { errors: [], sections: [], outline: [], receipt: '' } };

/** What the pieces of each file stand in; a file is parsed once, and only when a piece begins inside something. */
class Places {
  readonly #sources: Offer['sources'];
  readonly #known = new Map<number, Surroundings>();
  /** Characters that may still be parsed: a grammar reads about 4 MB a second. */
  #toParse = MOST_PARSED;

  constructor({ sources }: Offer) {
    this.#sources = sources;
  }

  /** Gets ready to tell the places of these pieces. */
  async open(pieces: readonly Piece[]): Promise<void> {
    for (const { file, parts } of pieces) {
      if (this.#known.has(file)) continue;
      const { raw, ranked } = this.#sources.get(file)!;
      if (parts.every(({ start }) => start === 1 || indentOf(raw[start - 1]!) === 0)) continue;
      const length = raw.reduce((sum, line) => sum + line.length + 1, 0);
      this.#known.set(file, await surroundingsOf(raw, familyOf(ranked.path) ?? 'text', this.#toParse));
      if (length <= this.#toParse) this.#toParse -= length;
    }
  }

  /** The definitions around a line, outermost first. */
  at(file: number, line: number): string {
    return this.#known.get(file)?.namesAround(line).join(' > ') ?? '';
  }

  close(): void {
    for (const surroundings of this.#known.values()) surroundings.close();
  }
}

/** The files of the pieces, best first, their ranges in order. */
function sectionsOf(pieces: readonly Piece[], sources: ReadonlyMap<number, Source>, places: Places): Section[] {
  return [...Map.groupBy(pieces, (piece) => piece.file)]
    .map(([file, own]) => {
      const ranges = merged(own.flatMap(({ parts }) => parts));
      return {
        source: sources.get(file)!,
        ranges,
        scopes: ranges.map(([start]) => places.at(file, start)),
      };
    })
    .sort((a, b) => b.source.ranked.belief - a.source.ranked.belief || a.source.ranked.file - b.source.ranked.file);
}

/** Without the last pieces, at least as many as hold the tokens that are too many. */
function dropped(pieces: readonly Piece[], over: number): Piece[] {
  let left = over;
  let keep = pieces.length;
  while (keep > 0 && left > 0) left -= pieces[--keep]!.characters / 5;
  return pieces.slice(0, keep);
}

function outlinesWithin(offer: Offer, pieces: readonly Piece[], budget: number, count: CountTokens): string[] {
  const chosen = new Set(pieces.map((piece) => piece.file));
  const outlines: string[] = [];
  let left = budget;
  for (const source of offer.sources.values()) {
    if (chosen.has(source.ranked.file) || outlines.length >= OUTLINED) continue;
    const line = outlineOf(source);
    left -= count(line) + 1;
    if (left < 0) break;
    outlines.push(line);
  }
  return outlines;
}
