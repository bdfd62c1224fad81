/** The same JSON with one of its values, the root included, replaced by another; values are counted from 0, outside in. */
export function spoiled(json: string, which: number, put: unknown): string {
  let seen = 0;
  const replaced = (value: unknown): unknown => {
    if (seen++ === which) return put;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, replaced(inside)]));
  };
  return JSON.stringify(replaced(JSON.parse(json)) ?? null);
}

/** What programs and servers put where something else was expected. */
export const JUNK: readonly unknown[] = [null, 7, -1, '', 'x', true, [], {}, [null], { message: null }, [[1]]];
