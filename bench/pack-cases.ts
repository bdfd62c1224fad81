import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An issue with the lines its fix changed, as in the development data. */
export interface Case {
  readonly id: string;
  readonly set: string;
  readonly lang: string;
  readonly repo: string;
  readonly query: string;
  readonly gold: ReadonlyArray<{ readonly path: string; readonly hunks: ReadonlyArray<readonly [number, number]> }>;
  readonly errors?: readonly string[];
}

/** The cases whose trees are there, and how many are not. */
export function readCases(data: string, trees: string): { cases: Case[]; missing: number } {
  const all = readFileSync(data, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Case);
  const cases = all.filter(({ id }) => existsSync(join(trees, id)));
  return { cases, missing: all.length - cases.length };
}

/** Shares of the gold files with any packed line, and of the gold hunks with one of their lines packed. */
export function recallOf(
  { gold }: Case,
  files: ReadonlyArray<{ readonly path: string; readonly ranges: ReadonlyArray<readonly [number, number]> }>,
): { file: number; hunk: number } {
  const packed = new Map(files.map(({ path, ranges }) => [path, ranges]));
  const hunks = gold.flatMap(({ path, hunks: lines }) =>
    lines.map(([start, end]) => ({ ranges: packed.get(path) ?? [], start, end })),
  );
  const hit = hunks.filter(({ ranges, start, end }) => ranges.some(([a, b]) => a <= end && b >= start)).length;
  return { file: gold.filter(({ path }) => packed.has(path)).length / gold.length, hunk: hit / hunks.length };
}

/** Means over all and by group. */
export class Means {
  readonly #sums = new Map<string, { n: number; file: number; hunk: number }>();

  add(set: string, { file, hunk }: { file: number; hunk: number }): void {
    for (const group of ['all', set]) this.count(group, { file, hunk });
  }

  /** Counts for one group alone. */
  count(group: string, { file, hunk }: { file: number; hunk: number }): void {
    const sum = this.#sums.get(group) ?? { n: 0, file: 0, hunk: 0 };
    this.#sums.set(group, { n: sum.n + 1, file: sum.file + file, hunk: sum.hunk + hunk });
  }

  /** Percent with one decimal. */
  of(group: string): { n: number; file: number; hunk: number } {
    const { n, file, hunk } = this.#sums.get(group) ?? { n: 0, file: 0, hunk: 0 };
    const percent = (sum: number): number => Math.round((1000 * sum) / Math.max(1, n)) / 10;
    return { n, file: percent(file), hunk: percent(hunk) };
  }

  groups(): string[] {
    return [...this.#sums.keys()];
  }
}
