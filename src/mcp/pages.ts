/** A piece of a long answer. Texts longer than a page come in several pieces with the same `at`, in order. */
export interface Piece {
  /** Where it belongs, such as `candidates[0].text`; '' is the whole. */
  readonly at: string;
  readonly value: unknown;
}

export interface Page {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly pieces: readonly Piece[];
}

/** A value of up to this many characters is never taken apart. */
const WHOLE_CHARACTERS = 400;

/**
 * Cuts a JSON value into pages of at most `limit` characters of JSON each (at least 1,000). The same value always gives
 * the same pages; no character is cut in half; put together in order, the pieces are the value.
 */
export function pagesOf(value: unknown, limit: number): readonly Page[] {
  const pages: Piece[][] = [[]];
  let room = limit - 2;
  for (const piece of piecesOf(value, '')) {
    let rest: Piece | null = piece;
    while (rest) {
      const [fits, remainder] = fit(rest, room);
      if (fits) {
        pages.at(-1)!.push(fits);
        room -= sizeOf(fits);
      }
      rest = remainder;
      if (rest) {
        pages.push([]);
        room = limit - 2;
      }
    }
  }
  return pages.map((pieces, index) => ({ number: index + 1, of: pages.length, pieces }));
}

/** The value in reading order: small parts whole, large ones opened. */
function* piecesOf(value: unknown, at: string): Generator<Piece> {
  if (typeof value === 'string' || !isOpenable(value)) yield { at, value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* piecesOf(item, `${at}[${index}]`);
  else for (const [key, item] of Object.entries(value)) yield* piecesOf(item, member(at, key));
}

function isOpenable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).length > 0 && JSON.stringify(value).length > WHOLE_CHARACTERS;
}

function member(at: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === '' ? key : `${at}.${key}`;
}

/** What of a piece fits, and what does not. A text is cut only where at least a tenth of a page is left for it. */
function fit(piece: Piece, room: number): readonly [Piece | null, Piece | null] {
  if (sizeOf(piece) <= room) return [piece, null];
  if (typeof piece.value !== 'string') return [null, piece];
  const length = cutAt(piece.value, room - sizeOf({ at: piece.at, value: '' }));
  if (length < Math.min(100, piece.value.length)) return [null, piece];
  return [
    { at: piece.at, value: piece.value.slice(0, length) },
    { at: piece.at, value: piece.value.slice(length) },
  ];
}

/** How many code units of a text take at most `characters` as JSON, without cutting a surrogate pair. */
export function cutAt(text: string, characters: number): number {
  let low = 0;
  let high = Math.min(text.length, Math.max(0, characters));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (JSON.stringify(text.slice(0, middle)).length - 2 <= characters) low = middle;
    else high = middle - 1;
  }
  return isPair(text, low) ? low - 1 : low;
}

function isPair(text: string, index: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(index - 1, index + 1));
}

const sizeOf = (piece: Piece): number => JSON.stringify(piece).length + 1;
