import type { Page } from '../../src/mcp/pages.ts';

/** What a host gets that puts the pieces of all pages together, texts with the same place end to end. */
export function reassembled(pages: readonly Page[]): unknown {
  let whole: unknown;
  const texts = new Map<string, string>();
  for (const { at, value } of pages.flatMap(({ pieces }) => pieces)) {
    const earlier = texts.get(at);
    const now = earlier === undefined ? value : earlier + (value as string);
    if (typeof now === 'string') texts.set(at, now);
    whole = put(whole, stepsOf(at), now);
  }
  return whole;
}

/** `a[0]["b c"].d` → a, 0, b c, d */
function stepsOf(at: string): Array<string | number> {
  return [...at.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([A-Za-z_]\w*)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : name!,
  );
}

function put(into: unknown, [step, ...rest]: ReadonlyArray<string | number>, value: unknown): unknown {
  if (step === undefined) return value;
  const holder = (into ?? (typeof step === 'number' ? [] : {})) as Record<string | number, unknown>;
  const item = put(Object.hasOwn(holder, step) ? holder[step] : undefined, rest, value);
  Object.defineProperty(holder, step, { value: item, writable: true, enumerable: true, configurable: true });
  return holder;
}
