import { familyOf } from '../collect/kinds.ts';
import { type Parts, renderText, type Section } from '../render.ts';
import type { Fitted, Source } from './fit.ts';
import { outlineOf } from './outline.ts';
import { namesAround, type Scope, scopesOf } from './scopes.ts';
import { merged, type Piece } from './select.ts';
import type { CountTokens } from './tokens.ts';

/** A text within its budget and what is in it. */
export interface Assembled {
  readonly text: string;
  readonly tokens: number;
  readonly parts: Parts;
}

const OUTLINED = 25;
const MOST_ROUNDS = 60;

/** What goes into the text beside the pieces. */
export interface Draft {
  readonly fitted: Fitted;
  readonly errors: readonly string[];
  /** Share of the budget for outlines. */
  readonly outline: number;
  readonly receipt: (sections: readonly Section[]) => string;
}

/** Puts the text together and counts it once whole; while it is too long, the least valuable goes. */
export async function assemble(draft: Draft, budget: number, count: CountTokens): Promise<Assembled> {
  const { fitted, errors, receipt } = draft;
  const scopes = await scopesOfChosen(fitted);
  let outline = outlinesWithin(fitted, budget * draft.outline, count);
  let pieces = [...fitted.pieces];
  let kept = [...errors];
  let withReceipt = true;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sections = sectionsOf(pieces, fitted.sources, scopes);
    const parts: Parts = { errors: kept, sections, outline, receipt: withReceipt ? receipt(sections) : '' };
    const text = renderText(parts);
    const tokens = count(text);
    if (tokens <= budget) return { text, tokens, parts };
    const over = tokens - budget;
    if (outline.length > 0) outline = outline.slice(0, Math.floor(outline.length / 2));
    else if (pieces.length > 0) pieces = dropped(pieces, over);
    else if (withReceipt) withReceipt = false;
    else if (kept.length > 0) kept = kept.slice(Math.ceil(kept.length / 3));
    else break;
  }
  return { text: '', tokens: 0, parts: { errors: [], sections: [], outline: [], receipt: '' } };
}

async function scopesOfChosen(fitted: Fitted): Promise<Map<number, Scope[]>> {
  const scopes = new Map<number, Scope[]>();
  for (const file of new Set(fitted.pieces.map((piece) => piece.file))) {
    const { lines, ranked } = fitted.sources.get(file)!;
    scopes.set(file, await scopesOf(lines.join('\n'), lines, familyOf(ranked.path) ?? 'text'));
  }
  return scopes;
}

/** The files of the pieces, best first, their ranges in order. */
function sectionsOf(
  pieces: readonly Piece[],
  sources: ReadonlyMap<number, Source>,
  scopes: ReadonlyMap<number, readonly Scope[]>,
): Section[] {
  return [...Map.groupBy(pieces, (piece) => piece.file)]
    .map(([file, own]) => {
      const ranges = merged(own.flatMap(({ parts }) => parts));
      const around = scopes.get(file) ?? [];
      return {
        source: sources.get(file)!,
        ranges,
        scopes: ranges.map(([start]) => namesAround(start, around).join(' > ')),
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

function outlinesWithin(fitted: Fitted, budget: number, count: CountTokens): string[] {
  const chosen = new Set(fitted.pieces.map((piece) => piece.file));
  const outlines: string[] = [];
  let left = budget;
  for (const source of fitted.sources.values()) {
    if (chosen.has(source.ranked.file) || outlines.length >= OUTLINED) continue;
    const line = outlineOf(source);
    left -= count(line) + 1;
    if (left < 0) break;
    outlines.push(line);
  }
  return outlines;
}
