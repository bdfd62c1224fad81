import { describe, expect, it } from 'vitest';
import type { SelectionCandidate } from '../../src/domain/selection.ts';
import { select } from '../../src/domain/selection.ts';
import { evidenceOf } from './evidence-of.ts';

type Answer = (...input: never[]) => unknown;

/** A small problem with real answers to it: several right ones in different words, and the mistakes people make. */
interface Problem {
  /** Inputs with known answers, as a project's tests have them: too few to catch every mistake. */
  readonly tests: ReadonlyArray<readonly [input: readonly unknown[], expected: unknown]>;
  /** Inputs without known answers; those that decide in the end whether an answer is right are others. */
  readonly probes: ReadonlyArray<readonly unknown[]>;
  readonly hidden: ReadonlyArray<readonly unknown[]>;
  readonly right: readonly Answer[];
  readonly wrong: readonly Answer[];
}

const ascending = (a: number, b: number): number => a - b;

const median: Problem = {
  tests: [
    [[[3, 1, 2]], 2],
    [[[7]], 7],
  ],
  probes: [[[4, 1, 3, 2]], [[10, 9, 1]], [[-1, -2, -3]], [[5, 5, 8, 8]]],
  hidden: [[[1, 2]], [[11, 2, 3, 40]], [[-5, -10, 100]], [[2, 2, 2]], [[100, 20, 3]]],
  right: [
    (list: number[]) => {
      const sorted = [...list].sort(ascending);
      return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
    },
    (list: number[]) => {
      const sorted = list.toSorted(ascending);
      const half = Math.floor(sorted.length / 2);
      return sorted.length % 2 ? sorted[half] : (sorted[half - 1]! + sorted[half]!) / 2;
    },
    (list: number[]) => {
      const rest = list.toSorted(ascending);
      for (; rest.length > 2; rest.pop()) rest.shift();
      return rest.reduce((sum, one) => sum + one, 0) / rest.length;
    },
  ],
  wrong: [
    (list: number[]) => list[list.length >> 1],
    (list: number[]) => list.toSorted()[list.length >> 1],
    (list: number[]) => list.toSorted(ascending)[list.length >> 1],
    (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length,
  ],
};

const leapYear: Problem = {
  tests: [
    [[2024], true],
    [[2023], false],
    [[1900], false],
  ],
  probes: [[2000], [2100], [1996], [1600]],
  hidden: [[2400], [2200], [1904], [1200], [1901]],
  right: [
    (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0,
    (year: number) => year % (year % 100 === 0 ? 400 : 4) === 0,
    (year: number) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1,
  ],
  wrong: [
    (year: number) => year % 4 === 0,
    (year: number) => year % 4 === 0 && year % 100 !== 0,
    (year: number) => year % 4 === 0 && year !== 1900,
    () => true,
  ],
};

const wrapIndex: Problem = {
  tests: [
    [[5, 3], 2],
    [[-1, 3], 2],
  ],
  probes: [
    [-4, 3],
    [3, 3],
    [-9, 4],
    [0, 5],
  ],
  hidden: [
    [-7, 3],
    [-20, 6],
    [6, 6],
    [-6, 6],
    [13, 5],
  ],
  right: [
    (index: number, length: number) => ((index % length) + length) % length,
    (index: number, length: number) => index - length * Math.floor(index / length),
    (index: number, length: number) => (index % length < 0 ? (index % length) + length : Math.abs(index % length)),
  ],
  wrong: [
    (index: number, length: number) => index % length,
    (index: number, length: number) => (index < 0 ? index + length : index % length),
    (index: number, length: number) => Math.abs(index) % length,
    (index: number, length: number) => (index < 0 ? length - 1 : index % length),
  ],
};

const PROBLEMS = [median, leapYear, wrapIndex];
const run = (answer: Answer, input: readonly unknown[]): string => JSON.stringify(answer(...(input as never[])));
const isRight = (problem: Problem, answer: Answer): boolean =>
  problem.hidden.every((input) => run(answer, input) === run(problem.right[0]!, input));

/** The answer as a candidate, with what running it showed. */
function candidateOf({ tests, probes }: Problem, answer: Answer, index: number): SelectionCandidate {
  const targets = tests.map((_, test) => `t${test}`);
  const fixed = targets.filter((_, test) => run(answer, tests[test]![0]) === JSON.stringify(tests[test]![1]));
  const behaviour = JSON.stringify(probes.map((input) => run(answer, input)));
  const status = fixed.length === targets.length ? 'passed' : 'failed';
  return { id: `${index}`, text: answer.toString(), evidence: evidenceOf({ targets, fixed, behaviour, status }) };
}

/** The first of those whose key most others share. */
function mostShared(pool: readonly SelectionCandidate[], key: (one: SelectionCandidate) => string): string {
  const sizes = pool.map((one) => pool.filter((other) => key(other) === key(one)).length);
  return pool[sizes.indexOf(Math.max(...sizes))]!.id;
}

const passes = ({ evidence }: SelectionCandidate): boolean => evidence.status === 'passed';
const RULES: Record<string, (pool: readonly SelectionCandidate[]) => string | null> = {
  'evidence, then behaviour': (pool) => select(pool).winner,
  'tests alone': (pool) => pool.find(passes)?.id ?? null,
  'tests, then shortest': (pool) =>
    pool.filter(passes).toSorted((a, b) => a.text!.length - b.text!.length)[0]?.id ?? null,
  'majority of behaviour': (pool) => mostShared(pool, ({ evidence }) => evidence.behaviour!),
  'majority of texts': (pool) => mostShared(pool, ({ text }) => text!),
};

/** Numbers in 0..1 that are the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** How often each rule takes a right answer, over pools in which there is one. */
function replay(shareRight: number): { pools: number; right: Record<string, number>; wrongWinners: number } {
  const random = numbers(20_261_122);
  const draw = <T>(list: readonly T[]): T => list[Math.floor(random.next().value * list.length)]!;
  const right = Object.fromEntries(Object.keys(RULES).map((rule) => [rule, 0]));
  let pools = 0;
  let wrongWinners = 0;
  for (let round = 0; round < 400; round++) {
    const problem = PROBLEMS[round % PROBLEMS.length]!;
    const answers = Array.from({ length: 6 }, () =>
      draw(random.next().value < shareRight ? problem.right : problem.wrong),
    );
    const pool = answers.map((answer, index) => candidateOf(problem, answer, index));
    const winner = select(pool).winner;
    if (winner !== null && !passes(pool[Number(winner)]!)) wrongWinners++;
    if (!answers.some((answer) => isRight(problem, answer))) continue;
    pools++;
    for (const [rule, choose] of Object.entries(RULES)) {
      const chosen = choose(pool);
      if (chosen !== null && isRight(problem, answers[Number(chosen)]!)) right[rule] = right[rule]! + 1;
    }
  }
  return { pools, right, wrongWinners };
}

describe('the rule replayed on pools of real answers', () => {
  it('rests on answers that are what they are said to be', () => {
    for (const problem of PROBLEMS) {
      expect(problem.right.map((answer) => isRight(problem, answer))).toEqual(problem.right.map(() => true));
      expect(problem.wrong.map((answer) => isRight(problem, answer))).toEqual(problem.wrong.map(() => false));
      const passing = problem.wrong.filter((answer, index) => passes(candidateOf(problem, answer, index)));
      expect(passing.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['strong', 0.6],
    ['middling', 0.45],
    ['weak', 0.3],
  ])('beats voting, tests alone and the shortest passer on a %s pool', (_, shareRight) => {
    const { pools, right, wrongWinners } = replay(shareRight);
    expect(pools).toBeGreaterThan(300);
    expect(wrongWinners).toBe(0);
    const { 'evidence, then behaviour': ours, ...others } = right;
    for (const [rule, count] of Object.entries(others)) expect([rule, count < ours!]).toEqual([rule, true]);
  });
});
