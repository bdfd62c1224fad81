/** What stands at a path inside a JSON value; undefined where there is nothing. */
export function at(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.hasOwn(here, step) ? (here as Record<string | number, unknown>)[step] : undefined;
  }
  return here;
}

/** The text there, or null where there is none. */
export function textAt(value: unknown, ...path: ReadonlyArray<string | number>): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : null;
}

/** The number there, or null where there is none. */
export function numberAt(value: unknown, ...path: ReadonlyArray<string | number>): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** The list there; empty where there is none. */
export function listAt(value: unknown, ...path: ReadonlyArray<string | number>): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
