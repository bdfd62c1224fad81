/** A value as warm processes write it: JSON, with `{ float | tuple | set | map | int | … : inner }` for what JSON mixes up. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [kind: string]: Value };

/** A call of a function of the project, as a test made it or might have made it. */
export interface Call {
  readonly module: string;
  readonly name: string;
  readonly args: readonly Value[];
}

const PER_FUNCTION = 48;
const MOST_FUNCTIONS = 4;
const SEED = 0x5eed;
const SMALL = 20;

/**
 * Inputs without known answers: for each function, the most called first, the recorded calls themselves and then variations of
 * them, in all at most 48 a function. The same calls give the same inputs.
 */
export function varied(calls: readonly Call[]): Call[] {
  const groups = new Map<string, Call[]>();
  for (const call of distinct(calls)) {
    const key = `${call.module}\0${call.name}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  const most = [...groups.values()].sort((a, b) => b.length - a.length).slice(0, MOST_FUNCTIONS);
  return most.flatMap(variationsOf);
}

function variationsOf(recorded: readonly Call[]): Call[] {
  const random = randomNumbers(SEED);
  const kept = recorded.slice(0, PER_FUNCTION / 3);
  const wider = recorded.length > 1 ? kept.flatMap((call) => crossed(call, recorded, random)) : [];
  const changed = kept.flatMap((call) => singleChanges(call, random));
  return distinct([...kept, ...interleaved(shuffled(changed, random), shuffled(wider, random))]).slice(0, PER_FUNCTION);
}

/** One argument changed at a time. */
function singleChanges(call: Call, random: () => number): Call[] {
  return call.args.flatMap((value, index) =>
    changesOf(value, random).map((changed) => ({ ...call, args: call.args.with(index, changed) })),
  );
}

/** One argument taken from another recorded call. */
function crossed(call: Call, recorded: readonly Call[], random: () => number): Call[] {
  if (call.args.length < 2) return [];
  return call.args.map((_, index) => {
    const other = recorded[Math.floor(random() * recorded.length)]!;
    return { ...call, args: call.args.with(index, other.args[index] ?? null) };
  });
}

function changesOf(value: Value, random: () => number): Value[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return numbers(value, random);
  if (typeof value === 'string') return sequences([...value], random).map((characters) => characters.join(''));
  if (Array.isArray(value)) return lists(value, random);
  if (value === null || typeof value !== 'object') return [];
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === 'float') return numbers(inner as number, random).map((float) => ({ float }));
  if (kind === 'tuple') return lists(inner as readonly Value[], random).map((tuple) => ({ tuple }));
  if (kind === 'map') return pairs(inner as readonly Value[], random).map((map) => ({ map }));
  return [];
}

function numbers(value: number, random: () => number): number[] {
  const near = [value + 1, value - 1, 0, 1, -value, value * 2, Math.trunc(value / 2)];
  return [...near, Math.floor(random() * SMALL), Math.floor(random() * SMALL * 5)].map((number) => number + 0);
}

/** Reordered, shortened, lengthened; and with one item changed. */
function lists(items: readonly Value[], random: () => number): Value[][] {
  const at = Math.floor(random() * items.length);
  const inner = items.length > 0 ? changesOf(items[at]!, random).map((item) => items.with(at, item)) : [];
  return [...sequences(items, random), ...inner];
}

function pairs(entries: readonly Value[], random: () => number): Value[][] {
  const at = Math.floor(random() * entries.length);
  const [key, item] = (entries[at] ?? []) as readonly [Value, Value];
  const inner = entries.length > 0 ? changesOf(item, random).map((changed) => entries.with(at, [key, changed])) : [];
  return [entries.toSpliced(at, 1), [], ...inner];
}

function sequences<T extends Value>(items: readonly T[], random: () => number): T[][] {
  if (items.length === 0) return [];
  const [a, b] = [Math.floor(random() * items.length), Math.floor(random() * items.length)];
  return [
    [],
    items.toReversed(),
    items.toSpliced(a, 1),
    items.toSpliced(a, 0, items[a]!),
    items.toSorted(byText),
    items.with(a, items[b]!).with(b, items[a]!),
    [...items, ...items],
    items.slice(0, 1),
  ];
}

function byText(a: Value, b: Value): number {
  const numeric = numberOf(a) - numberOf(b);
  if (!Number.isNaN(numeric)) return numeric;
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  return value !== null && typeof value === 'object' && 'float' in value ? Number(value.float) : Number.NaN;
}

function distinct(calls: readonly Call[]): Call[] {
  return [...new Map(calls.map((call) => [JSON.stringify([call.module, call.name, call.args]), call])).values()];
}

function interleaved<T>(a: readonly T[], b: readonly T[]): T[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => [a[index], b[index]])
    .flat()
    .filter((item) => item !== undefined);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}

/** Numbers in 0..1 that only the seed decides (mulberry32, Tommy Ettinger). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
