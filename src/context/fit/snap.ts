import type { Scope } from './scopes.ts';

const MOST_OF_A_SCOPE = 0.6;
const MOST_ADDED = 15;

/** Grows a range to the whole of the innermost definition it has most of, when only a few lines are missing. */
export function snapToScope([start, end]: readonly [number, number], scopes: readonly Scope[]): [number, number] {
  let grown: [number, number] = [start, end];
  for (const scope of scopes) {
    if (scope.start > end || scope.end < start) continue;
    const overlap = Math.min(end, scope.end) - Math.max(start, scope.start) + 1;
    const added = Math.max(0, grown[0] - scope.start) + Math.max(0, scope.end - grown[1]);
    if (overlap / (scope.end - scope.start + 1) < MOST_OF_A_SCOPE || added > MOST_ADDED) continue;
    grown = [Math.min(grown[0], scope.start), Math.max(grown[1], scope.end)];
  }
  return grown;
}

/** The names of the definitions a line stands in, outermost first. */
export function scopeOf(line: number, scopes: readonly Scope[]): string[] {
  return scopes.filter((scope) => scope.start < line && scope.end >= line).map(({ name }) => name);
}
