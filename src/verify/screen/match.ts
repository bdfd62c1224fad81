import type { Baseline, Outcome } from '../../domain/evidence.ts';
import { isStandIn } from '../runners/index.ts';

/** One test as a warm process found it on the unchanged tree. */
export interface WarmTest {
  readonly id: string;
  readonly outcome: Outcome | 'missing';
  /** Seconds; `null` when it did not end. */
  readonly cpu: number | null;
  readonly wall: number | null;
}

/** The baseline's tests as the warm process knows them. */
export interface Matched {
  readonly targets: readonly WarmTest[];
  readonly others: readonly WarmTest[];
  /** Baseline id by warm id. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Pairs the baseline's ids with warm tests by the names they end with; of an endless baseline, all that the warm process saw counts. Returns why the warm process does not
 * reproduce the baseline, as a text, or the pairs.
 */
export function matchBaseline(baseline: Baseline, tests: readonly WarmTest[]): Matched | string {
  const index = new Index(tests);
  const names = new Map<string, string>();
  const paired = { passed: new Set<WarmTest>(), failed: new Set<WarmTest>() };
  const flaky = new Set(baseline.flaky.flatMap((id) => index.take(id, null) ?? []));
  for (const outcome of ['failed', 'passed'] as const) {
    for (const id of outcome === 'failed' ? baseline.failing : baseline.passing) {
      if (isStandIn(id)) continue;
      const test = index.take(id, outcome) ?? index.take(id.replace(SUBTEST, ''), outcome);
      if (!test) return `${id} was not found`;
      if (SUBTEST.test(id) && test.outcome !== outcome) continue;
      if (test.outcome !== outcome) return `${id} ${outcome} before and is ${test.outcome} here`;
      paired[outcome].add(test);
      names.set(test.id, id);
    }
  }
  const strangers = tests.filter((test) => test.outcome === 'failed' && !paired.failed.has(test) && !flaky.has(test));
  if (baseline.endless) {
    for (const test of tests.filter((test) => !names.has(test.id) && !flaky.has(test))) {
      if (test.outcome !== 'passed' && test.outcome !== 'failed') continue;
      paired[test.outcome].add(test);
      names.set(test.id, test.id);
    }
  } else if (strangers[0]) return `${strangers[0].id} fails here only`;
  if (paired.failed.size === 0) return 'no failing test is known by name';
  return {
    targets: tests.filter((test) => paired.failed.has(test)),
    others: tests.filter((test) => paired.passed.has(test) && !paired.failed.has(test)),
    names,
  };
}

/** Warm tests by the last part of their names. */
class Index {
  readonly #byName = new Map<string, WarmTest[]>();
  readonly #taken = new Set<WarmTest>();

  constructor(tests: readonly WarmTest[]) {
    for (const test of tests) {
      const name = lastOf(partsOf(test.id));
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), test]);
    }
  }

  /** The test whose names agree furthest with the id; among equals one that is free and has the outcome. */
  take(id: string, outcome: Outcome | null): WarmTest | null {
    const parts = partsOf(id);
    const candidates = this.#byName.get(lastOf(parts)) ?? [];
    let best: { test: WarmTest; rank: number } | null = null;
    for (const test of candidates) {
      const rank =
        agreement(parts, partsOf(test.id)) * 4 + (this.#taken.has(test) ? 0 : 2) + (test.outcome === outcome ? 1 : 0);
      if (!best || rank > best.rank) best = { test, rank };
    }
    if (best) this.#taken.add(best.test);
    return best?.test ?? null;
  }
}

/** What Python's runners add to a test's name for each of its subtests. */
const SUBTEST = / [([].*[)\]]$/s;

/** `file::suite > name`, `module.Class.name`, each with ` #2` for the second of its name. */
function partsOf(id: string): string[] {
  const parts = id.split('::').flatMap((part) => part.split(' > '));
  if (parts.length > 1) return parts;
  return /^[\w.]+( #\d+)?$/.test(id) ? id.split('.') : [id];
}

function lastOf(parts: readonly string[]): string {
  return squeezed(parts.at(-1) ?? '');
}

function squeezed(name: string): string {
  return name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function agreement(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && squeezed(a.at(-1 - length)!) === squeezed(b.at(-1 - length)!))
    length++;
  return length;
}
