/** Seconds that a test, or the loading of the tests, may use. */
export interface TestLimit {
  readonly cpu: number;
  readonly wall: number;
}

const MOST_SMALL = 0.3;

/**
 * The limit for a test from what it used on the unchanged tree (`null`: it never ended). A repaired test may well do
 * more than a failing one, which is why short tests get many times their time, and why `typical`, what the other tests use, counts as well.
 */
export function limitFor(cpu: number | null, wall: number | null, typical: number, least: number): TestLimit {
  const used = Math.max(cpu ?? 0, typical);
  const allowed = least + Math.min(used * 8, used * 2 + MOST_SMALL);
  return { cpu: allowed, wall: Math.max(allowed * 5, (wall ?? 0) * 3 + 0.5) };
}

/** The median of what is known; 0 when nothing is. */
export function typicalCpu(values: ReadonlyArray<number | null>): number {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known[known.length >> 1] ?? 0;
}
