import { cutAt } from './pages.ts';

/** How many items of a list are kept, tried from the top. */
const KEPT_ITEMS = [Number.POSITIVE_INFINITY, 50, 20, 10, 5, 2, 1, 0];
const LONGEST_TEXT = 10_000;
const SHORTEST_TEXT = 200;
const LAST_RESORT_TEXT = 40;

/**
 * A JSON object of the same shape in at most `limit` characters (at least 1,000): the longest texts are cut first, then
 * lists. What was cut says so. The same object always gives the same result.
 */
export function shrink(answer: object, limit: number): object {
  const fits = (candidate: object): boolean => JSON.stringify(candidate).length <= limit;
  if (fits(answer)) return answer;
  for (const items of KEPT_ITEMS) {
    let cap: number | null = null;
    for (let low = SHORTEST_TEXT, high = LONGEST_TEXT; low <= high; ) {
      const middle = (low + high) >> 1;
      if (fits(cut(answer, middle, items) as object)) {
        cap = middle;
        low = middle + 1;
      } else high = middle - 1;
    }
    if (cap !== null) return cut(answer, cap, items) as object;
  }
  const scalars = Object.entries(answer).filter(([, value]) => typeof value !== 'object' || value === null);
  return cut(Object.fromEntries(scalars.slice(0, 20)), LAST_RESORT_TEXT, 0) as object;
}

function cut(value: unknown, characters: number, items: number): unknown {
  if (typeof value === 'string') return cutText(value, characters);
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cut(item, characters, items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, characters, items)]));
}

function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const kept = cutAt(text, characters);
  return `${text.slice(0, kept)}… [cut: ${kept} of ${text.length} characters]`;
}
