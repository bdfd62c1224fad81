import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { SelectionCandidate } from '../../src/domain/selection.ts';
import { select } from '../../src/domain/selection.ts';
import { evidenceOf } from './evidence-of.ts';

const TARGETS = ['t1', 't2', 't3'];
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 });

const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  basis: fc.constantFrom('observed', 'observed', 'reported', 'none'),
  applies: fc.constantFrom(true, true, true, false, null),
  protectedFiles: fc.constantFrom([], [], [], ['package-lock.json']),
  executed: maybe(fc.nat(3)),
  broken: maybe(fc.subarray(['p1', 'p2'], { maxLength: 1 })),
  fixed: maybe(fc.subarray(TARGETS)),
  targets: maybe(fc.constant(TARGETS)),
  newLintProblems: maybe(fc.nat(2)),
  behaviour: maybe(fc.array(fc.constantFrom('1', '2'), { minLength: 2, maxLength: 3 }).map((list) => list.join('\n'))),
  status: fc.constantFrom('passed', 'passed', 'failed', 'timed_out', 'not_started', 'cancelled', null),
  ms: maybe(fc.nat(100)),
});
const passing: fc.Arbitrary<Evidence> = fc
  .record({ newLintProblems: maybe(fc.nat(1)), behaviour: maybe(fc.constantFrom('1\n1', '1\n2', '2\n2')) })
  .map((difference) => evidenceOf({ targets: TARGETS, fixed: TARGETS, ...difference }));
const failing = anyEvidence.filter((evidence) => select([{ id: 'x', evidence }]).winner === null);

function poolOf(evidence: fc.Arbitrary<Evidence>, prefix = 'c'): fc.Arbitrary<SelectionCandidate[]> {
  return fc
    .array(fc.record({ evidence, text: fc.constantFrom('a', 'b', 'c') }), { maxLength: 8 })
    .map((list) => list.map((candidate, index) => ({ id: `${prefix}${index}`, ...candidate })));
}
const anyPool = poolOf(fc.oneof(anyEvidence, passing));

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 500 });

describe('selection holds, for every pool, that', () => {
  it('the winner is one of the ids or null, and so is the closest, never both', () => {
    check(anyPool, (pool) => {
      const { winner, closest } = select(pool);
      const ids = [null, ...pool.map(({ id }) => id)];
      expect(ids).toContain(winner);
      expect(ids).toContain(closest);
      expect(winner === null || closest === null).toBe(true);
    });
  });

  it('no candidate with a broken test, no executed test or a missing target wins', () => {
    check(anyPool, (pool) => {
      const evidence = pool.find(({ id }) => id === select(pool).winner)?.evidence;
      if (!evidence) return;
      expect(evidence).toMatchObject({ applies: true, protectedFiles: [], broken: [] });
      expect(evidence.executed).toBeGreaterThan(0);
      expect(evidence.basis).not.toBe('none');
      expect(evidence.fixed).toEqual(expect.arrayContaining([...evidence.targets!]));
    });
  });

  it('there is a winner exactly when some candidate would win alone', () => {
    check(anyPool, (pool) => {
      const someone = pool.some((candidate) => select([candidate]).winner !== null);
      expect(select(pool).winner !== null).toBe(someone);
    });
  });

  it('the ranking is a total order over exactly the given ids, eligible ones first', () => {
    check(anyPool, (pool) => {
      const { ranking } = select(pool);
      expect(ranking.map(({ id }) => id).sort()).toEqual(pool.map(({ id }) => id).sort());
      expect(ranking.map(({ rank }) => rank)).toEqual(pool.map((_, index) => index + 1));
      const eligible = ranking.map((entry) => entry.eligible);
      expect(eligible).toEqual(eligible.toSorted((a, b) => Number(b) - Number(a)));
    });
  });

  it('the same pool gives the same answer, and choosing does not change the pool', () => {
    check(anyPool, (pool) => {
      const before = structuredClone(pool);
      expect(select(pool)).toEqual(select(structuredClone(pool)));
      expect(pool).toEqual(before);
    });
  });

  it('choosing again among the candidates in their ranked order gives the same order', () => {
    check(anyPool, (pool) => {
      const once = select(pool).ranking.map(({ id }) => id);
      const again = select(once.map((id) => pool.find((candidate) => candidate.id === id)!));
      expect(again.ranking.map(({ id }) => id)).toEqual(once);
    });
  });

  it('the order of arrival decides only between candidates that nothing else tells apart', () => {
    const shuffled = anyPool.chain((pool) =>
      fc.tuple(fc.constant(pool), fc.shuffledSubarray(pool, { minLength: pool.length })),
    );
    check(shuffled, ([pool, permuted]) => {
      const classes = (candidates: readonly SelectionCandidate[]): string[] => {
        const groups: string[][] = [];
        for (const { id, why } of select(candidates).ranking) {
          if (groups.length > 0 && why.endsWith('it came later')) groups.at(-1)!.push(id);
          else groups.push([id]);
        }
        return groups.map((group) => group.sort().join());
      };
      expect(classes(permuted)).toEqual(classes(pool));
    });
  });

  it('adding candidates that fail changes neither the winner nor the order of those that pass', () => {
    const extended = fc.tuple(poolOf(passing), poolOf(failing, 'f')).filter(([pool]) => pool.length > 0);
    check(extended, ([pool, failures]) => {
      for (const mixed of [
        [...pool, ...failures],
        [...failures, ...pool],
      ]) {
        const ranking = select(mixed).ranking.filter(({ eligible }) => eligible);
        expect(ranking.map(({ id }) => id)).toEqual(select(pool).ranking.map(({ id }) => id));
      }
    });
  });

  it('size never counts: padding a text with blank lines changes nothing', () => {
    check(fc.tuple(anyPool, fc.nat(7)), ([pool, which]) => {
      const padded = pool.map((one, index) => (index === which ? { ...one, text: `\n\n  ${one.text}\n\n\n` } : one));
      expect(select(padded).ranking).toEqual(select(pool).ranking);
    });
  });

  it('no reason holds a line break', () => {
    check(anyPool, (pool) => {
      const { why, next, ranking } = select(pool);
      expect([why, next, ...ranking.map((entry) => entry.why)].filter((text) => /[\r\n]/.test(text))).toEqual([]);
    });
  });
});
