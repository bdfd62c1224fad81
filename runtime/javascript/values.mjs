// Values as JSON that keeps apart what JSON mixes up; the same notation as runtime/python/maestro_screening/values.py.
const MOST_ITEMS = 500;
const MOST_CHARACTERS = 4000;

export class Unknown extends Error {}

export function encode(value, depth = 0) {
  if (value === null || typeof value === 'boolean') return value;
  if (value === undefined) return { undefined: null };
  if (typeof value === 'string' && value.length <= MOST_CHARACTERS) return value;
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (typeof value === 'bigint') return { int: String(value) };
  if (depth > 6 || typeof value !== 'object') throw new Unknown();
  if (Array.isArray(value) && value.length <= MOST_ITEMS) return Array.from(value, (item) => encode(item, depth + 1));
  const pairs = pairsOf(value);
  if (!pairs || pairs.length > MOST_ITEMS) throw new Unknown();
  return { [kindOf(value)]: pairs.map((pair) => encode(pair, depth + 1)) };
}

function kindOf(value) {
  if (value instanceof Map) return 'dictionary';
  return value instanceof Set ? 'set' : 'map';
}

function pairsOf(value) {
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : null;
}

export function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const [kind, inner] = Object.entries(value)[0];
  if (kind === 'undefined') return undefined;
  if (kind === 'int') return BigInt(inner);
  if (kind === 'float') return inner;
  if (kind === 'set') return new Set(inner.map(decode));
  if (kind === 'dictionary') return new Map(inner.map(decode));
  if (kind === 'map') return Object.fromEntries(inner.map(decode));
  throw new Unknown(kind);
}

const MOST_TEXT = 2000;

/** A value as one bounded text: equal for values that look alike. */
export function canonical(value, depth = 0) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? '<function>' : String(value);
  if (depth > 8) return '...';
  const inner = (items) =>
    Array.from(items)
      .slice(0, 200)
      .map((item) => canonical(item, depth + 1));
  if (Array.isArray(value)) return `[${inner(value).join(', ')}]`;
  if (value instanceof Set) return `set(${inner(value).join(', ')})`;
  if (value instanceof Map) return `map(${inner(value).join(', ')})`;
  if (value instanceof Error) return `<${value.name}>`;
  if (value instanceof Date || value instanceof RegExp) return `<${String(value)}>`;
  const entries = Object.entries(value).slice(0, 200);
  return `{${entries.map(([key, item]) => `${key}: ${canonical(item, depth + 1)}`).join(', ')}}`;
}

export function bounded(text) {
  return text.slice(0, MOST_TEXT);
}
