/** A text with the offset where each of its lines begins, and its length at the end. */
export interface IndexedText {
  readonly text: string;
  readonly starts: Int32Array;
}

const CACHED_TEXTS = 64;
const LONGEST_CACHED = 2_000_000;
const cache = new Map<string, IndexedText>();

/** Looks for the lines of a text once: the same few files are patched hundreds of times a second. */
export function indexLines(text: string): IndexedText {
  const known = cache.get(text);
  if (known) return known;
  const starts: number[] = [];
  for (let at = 0; at < text.length; at = text.indexOf('\n', at) + 1 || text.length) starts.push(at);
  const indexed = { text, starts: Int32Array.from([...starts, text.length]) };
  if (text.length > LONGEST_CACHED) return indexed;
  if (cache.size >= CACHED_TEXTS) cache.delete(cache.keys().next().value!);
  cache.set(text, indexed);
  return indexed;
}

/** How many lines there are; an end of line at the very end begins no further one. */
export function lineCount({ starts }: IndexedText): number {
  return starts.length - 1;
}

/** How many lines begin before an offset. */
export function linesBefore({ starts }: IndexedText, offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
