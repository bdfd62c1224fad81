import { jsonObject } from './json-lines.ts';

const MAX_TRIES = 5;

/** The JSON object in a text that may hold other output before and after it, if it has all these marks; else `null`. */
export function jsonDocument(source: string, marks: readonly string[]): Readonly<Record<string, unknown>> | null {
  if (!marks.every((mark) => source.includes(mark))) return null;
  const end = source.lastIndexOf('}') + 1;
  let start = source.startsWith('{') ? 0 : source.indexOf('\n{') + 1;
  for (let tries = 0; tries < MAX_TRIES && end > start && source[start] === '{'; tries++) {
    const value = jsonObject(source.slice(start, end));
    if (value) return value;
    const next = source.indexOf('\n{', start);
    if (next < 0) return null;
    start = next + 1;
  }
  return null;
}
