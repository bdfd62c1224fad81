import type { Json } from '../domain/json.ts';

const MAX_DEPTH = 200;

/**
 * The text of a value that JSON gives back unchanged; a property that is undefined is left out. Throws a TypeError
 * that says where the value is not JSON, or a RangeError when the text is over `maxBytes`.
 */
export function boundedJson(value: unknown, what: string, maxBytes: number): string {
  const problem = problemIn(value, '', 0);
  if (problem) throw new TypeError(`${what} is not JSON: ${problem}`);
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new RangeError(`${what} has ${bytes} bytes of JSON, at most ${maxBytes} are kept`);
  return text;
}

/** The value a committed text stands for. */
export function fromJson(text: string): Json {
  return JSON.parse(text) as Json;
}

function problemIn(value: unknown, path: string, depth: number): string | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path || 'it'} is ${value}`;
  if (typeof value !== 'object') return `${path || 'it'} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (depth > MAX_DEPTH) return `${path.slice(0, 100)}… is nested too deep, or within itself`;
  if (Array.isArray(value))
    return firstProblem(value.keys(), (index) => problemIn(value[index], `${path}[${index}]`, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path || 'it'} is a ${value.constructor.name}`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return firstProblem(entries, ([name, inner]) => problemIn(inner, path ? `${path}.${name}` : name, depth + 1));
}

function firstProblem<T>(items: Iterable<T>, problemOf: (item: T) => string | null): string | null {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem) return problem;
  }
  return null;
}
