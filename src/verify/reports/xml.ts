/** One happening in an XML text, in order. */
export type XmlEvent =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly empty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const MAX_TAG = 100_000;

/** Reads XML leniently and in one pass; a text that is cut off ends the events. No entities but the standard ones. */
export function* xmlEvents(source: string): Generator<XmlEvent> {
  let at = source.indexOf('<');
  while (at >= 0 && at < source.length) {
    const skip = skipped(source, at);
    if (skip) {
      if (skip.text !== undefined) yield { kind: 'text', text: skip.text };
      at = skip.end;
    } else {
      const end = tagEnd(source, at);
      if (end < 0) return;
      yield* tag(source.slice(at + 1, end));
      at = end + 1;
    }
    const next = source.indexOf('<', at);
    if (next < 0) return;
    if (next > at) yield { kind: 'text', text: decoded(source.slice(at, next)) };
    at = next;
  }
}

/** Comments, declarations and CDATA. */
function skipped(source: string, at: number): { end: number; text?: string } | null {
  const until = (closer: string, from: number) => {
    const found = source.indexOf(closer, from);
    return found < 0 ? source.length : found;
  };
  if (source.startsWith('<![CDATA[', at)) {
    const end = until(']]>', at + 9);
    return { end: end + 3, text: source.slice(at + 9, end) };
  }
  if (source.startsWith('<!--', at)) return { end: until('-->', at + 4) + 3 };
  if (source[at + 1] === '?' || source[at + 1] === '!') return { end: until('>', at) + 1 };
  return null;
}

/** The `>` of a tag, not one in a quoted value. */
function tagEnd(source: string, at: number): number {
  let quote = '';
  for (let index = at + 1; index < source.length && index - at < MAX_TAG; index++) {
    const char = source[index]!;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return index;
  }
  const plain = source.indexOf('>', at);
  return plain;
}

function* tag(inner: string): Generator<XmlEvent> {
  const name = /^\/?([\w:.-]+)/.exec(inner)?.[1];
  if (name === undefined) return;
  if (inner.startsWith('/')) {
    yield { kind: 'close', name };
    return;
  }
  const attributes: Record<string, string> = Object.create(null);
  for (const match of inner.slice(name.length).matchAll(/\s([\w:.-]{1,100})=(?:"([^"]*)"|'([^']*)')/g))
    attributes[match[1]!] = decoded(match[2] ?? match[3] ?? '');
  const empty = inner.endsWith('/');
  yield { kind: 'open', name, attributes, empty };
  if (empty) yield { kind: 'close', name };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
