/** A JSON object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON objects that stand on lines of their own; everything else is passed over. */
export function jsonLines(text: string): Json[] {
  return text.split('\n').flatMap((line) => {
    if (!line.trimStart().startsWith('{')) return [];
    try {
      return [JSON.parse(line) as Json];
    } catch {
      return [];
    }
  });
}

/** The object there, or an empty one. */
export function objectAt(value: Json | undefined, name: string): Json {
  const found = value?.[name];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Json) : {};
}

/** The text there, or null. */
export function textAt(value: Json | undefined, name: string): string | null {
  const found = value?.[name];
  return typeof found === 'string' ? found : null;
}

/** The number there, or null. */
export function numberAt(value: Json | undefined, name: string): number | null {
  const found = value?.[name];
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** Objects of the list there. */
export function listAt(value: Json | undefined, name: string): Json[] {
  const found = value?.[name];
  return Array.isArray(found) ? found.filter((one): one is Json => typeof one === 'object' && one !== null) : [];
}

/** The sum of what is known; null where nothing is. */
export function sum(...parts: ReadonlyArray<number | null>): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}
