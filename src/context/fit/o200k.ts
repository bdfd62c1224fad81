import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { Codes } from '../index/codes.ts';
import { mergedLength } from './merges.ts';
import { pieceEnd } from './o200k-pieces.ts';
import { o200kTables } from './o200k-tables.ts';
import { NONE, Ranks } from './ranks.ts';

const LONGEST_REMEMBERED = 24;
const MOST_REMEMBERED = 50_000;

/**
 * Counts the tokens of a text in the o200k encoding: byte pair encoding (Sennrich et al., 2016) over the pieces of its
 * pattern.
 */
export function createCounter(): (text: string) => number {
  const ranks = new Ranks(o200kTables());
  const known = new Map<string, number>();
  const codes = new Codes();
  const lengthOf = (piece: string): number => {
    let length = known.get(piece);
    if (length === undefined) {
      const bytes = Buffer.from(piece, 'utf8');
      length = ranks.of(bytes, 0, bytes.length) === NONE ? mergedLength(bytes, ranks) : 1;
      if (piece.length <= LONGEST_REMEMBERED && known.size < MOST_REMEMBERED) known.set(piece, length);
    }
    return length;
  };
  return (text) => {
    codes.take(text);
    const { units } = codes;
    let tokens = 0;
    for (let at = 0; at < text.length; ) {
      const end = pieceEnd(units, at, text.length);
      // Of ASCII the units are the bytes.
      if (end >= 0 && ranks.of(units, at, end) !== NONE) tokens++;
      else {
        PIECE.lastIndex = at;
        tokens += lengthOf(end < 0 ? PIECE.exec(text)![0] : text.slice(at, end));
      }
      at = end < 0 ? PIECE.lastIndex : end;
    }
    return tokens;
  };
}

/** The encoding's own pattern, at one place. */
const PIECE = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, 'yu');
