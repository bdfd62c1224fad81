import type { Outcome } from '../../domain/evidence.ts';

const MAX_JSON_LINE = 2_000_000;

/** The objects of a text that has one JSON value a line; lines that are none, or cut off, are left out. */
export function* lineObjects(source: string): Generator<Readonly<Record<string, unknown>>> {
  for (let start = 0; start < source.length; ) {
    const found = source.indexOf('\n', start);
    const end = found < 0 ? source.length : found;
    const value = end - start > MAX_JSON_LINE || source[start] !== '{' ? null : jsonObject(source.slice(start, end));
    if (value) yield value;
    start = end + 1;
  }
}

/** The object a text is, or `null`. */
export function jsonObject(source: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(source);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `passed` and `failed` as they stand; everything else did not run. */
export function outcomeOf(value: unknown): Outcome {
  return value === 'passed' || value === 'failed' ? value : 'skipped';
}
