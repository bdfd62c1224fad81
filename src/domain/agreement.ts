import type { Evidence } from './evidence.ts';

/** How a candidate agrees with its pool; for both figures less is better. */
export interface Agreement {
  /** Minus the number of candidates in its group of identical behaviour, itself included; 0 when its behaviour is unknown. */
  readonly size: number;
  /** Differences to the behaviour of every other group, each weighted by that group's size; 0 when unknown. */
  readonly distance: number;
}

interface Group {
  readonly size: number;
  readonly profile: ReadonlyMap<string, string>;
}

/**
 * Agreement in behaviour within one pool, in its order. Known behaviours are compared entry by entry (a JSON list's items, else lines: one a
 * probe), and by the tests broken and fixed.
 */
export function behaviouralAgreement(pool: readonly Evidence[]): readonly Agreement[] {
  const groups = new Map<string, Group>();
  const keys = pool.map((evidence) => {
    if (evidence.behaviour === null) return null;
    const profile = profileOf(evidence);
    const key = JSON.stringify([...profile]);
    groups.set(key, { size: (groups.get(key)?.size ?? 0) + 1, profile });
    return key;
  });
  const agreements = new Map([...groups].map(([key, group]) => [key, agreementOf(group, groups.values())]));
  return keys.map((key) => (key === null ? { size: 0, distance: 0 } : agreements.get(key)!));
}

/** Minus the number of texts of the pool that are the same once layout is set aside, in the pool's order; 0 for no text. */
export function textualAgreement(pool: readonly (string | undefined)[]): readonly number[] {
  const counts = new Map<string, number>();
  const texts = pool.map((text) => normalise(text ?? ''));
  for (const text of texts) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map((text) => 0 - (counts.get(text) ?? 0));
}

function profileOf({ behaviour, broken, fixed }: Evidence): ReadonlyMap<string, string> {
  return new Map([
    ...entriesOf(behaviour ?? '').map((entry, index): [string, string] => [`probe ${index}`, entry]),
    ...(broken ?? []).toSorted().map((test): [string, string] => [`test ${test}`, 'broken']),
    ...(fixed ?? []).toSorted().map((test): [string, string] => [`test ${test}`, 'fixed']),
  ]);
}

function entriesOf(behaviour: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(behaviour);
    if (Array.isArray(list)) return list.map((entry) => JSON.stringify(entry));
  } catch {
    // Not JSON: the output of a command.
  }
  return behaviour.split('\n');
}

function agreementOf(group: Group, all: Iterable<Group>): Agreement {
  let distance = 0;
  for (const other of all) distance += other.size * differences(group.profile, other.profile);
  return { size: 0 - group.size, distance };
}

function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  let count = 0;
  for (const [key, value] of a) if (b.get(key) !== value) count++;
  for (const key of b.keys()) if (!a.has(key)) count++;
  return count;
}

/** Of a unified diff only what it adds and removes; of any text, its lines without blank ones and runs of white space. */
function normalise(text: string): string {
  const lines = text.split('\n');
  const isDiff = lines.some((line) => line.startsWith('@@ '));
  return lines
    .filter((line) => !isDiff || /^[+-]/.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
