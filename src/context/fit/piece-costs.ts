import type { Piece } from './select.ts';
import type { Source } from './source.ts';
import type { CountTokens } from './tokens.ts';

/** By the lines of a file, which stay the same as long as it does. */
const known = new WeakMap<readonly string[], { readonly by: CountTokens; readonly costs: Map<string, number> }>();

/** The exact cost in tokens of each piece of some files, counted when it is first asked for. */
export function pieceCosts(sources: ReadonlyMap<number, Source>, count: CountTokens): (piece: Piece) => number {
  return ({ file, parts }) => {
    const { lines } = sources.get(file)!;
    let counted = known.get(lines);
    if (counted?.by !== count) {
      counted = { by: count, costs: new Map() };
      known.set(lines, counted);
    }
    const key = parts.map(({ start, end }) => `${start}-${end}`).join();
    let cost = counted.costs.get(key);
    if (cost === undefined) {
      cost = count(parts.map(({ start, end }) => lines.slice(start - 1, end).join('\n')).join('\n')) + 1;
      counted.costs.set(key, cost);
    }
    return cost;
  };
}
