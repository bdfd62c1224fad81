import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { Judgement } from '../../src/domain/selector.ts';
import { selector } from '../../src/selectors/llm-judge.ts';
import { evidenceOf, UNKNOWN } from '../domain/evidence-of.ts';

const PASSING = evidenceOf();
const one = (id: string, evidence: Evidence = UNKNOWN) => ({ id, text: `text of ${id}`, evidence });
const says = (winner: string | null): Judgement => ({ winner, why: 'it is clearer', judge: 'three' });

/** Each speaks against a candidate. */
const FAILING: ReadonlyArray<[string, Evidence]> = [
  ['does not apply', evidenceOf({ applies: false, executed: null, fixed: null, broken: null, status: null })],
  ['touches a protected file', evidenceOf({ protectedFiles: ['test/a.js'] })],
  ['breaks a test', evidenceOf({ broken: ['p1'], status: 'failed' })],
  ['misses a target', evidenceOf({ fixed: ['t1'], status: 'failed' })],
  ['ran no test', evidenceOf({ executed: 0, fixed: [], status: 'not_started' })],
  ['did not end in time', evidenceOf({ status: 'timed_out', broken: null, fixed: [] })],
  ['is reported to fail', evidenceOf({ basis: 'reported', fixed: ['t1'], status: null })],
];

describe('llm_judge', () => {
  it('has a judge choose among what nothing is known about', () => {
    const candidates = [one('a'), one('b')];
    expect(selector.contenders!(candidates)).toEqual(['a', 'b']);
    const { winner, why, ranking, next } = selector.select(candidates, says('b'));
    expect(winner).toBe('b');
    expect(why).toBe("'b' was chosen by three among 2: it is clearer");
    expect(ranking.map(({ id, rank }) => [id, rank])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(next).toMatch(/^Read 'b' before relying on it/);
  });

  it('has a judge choose among several that pass, and then what is chosen may be applied', () => {
    const candidates = [one('a', PASSING), one('b', PASSING), one('c')];
    expect(selector.contenders!(candidates)).toEqual(['a', 'b']);
    expect(selector.select(candidates, says('b'))).toMatchObject({ winner: 'b', next: "Apply 'b'." });
  });

  it('needs no judge where one passes', () => {
    const candidates = [one('a'), one('b', PASSING)];
    expect(selector.contenders!(candidates)).toEqual([]);
    expect(selector.select(candidates)).toMatchObject({ winner: 'b' });
    expect(selector.select(candidates, says('a'))).toMatchObject({ winner: 'b' });
  });

  it.each(FAILING)('lets no judge choose one that %s', (_, evidence) => {
    const candidates = [one('a', evidence), one('b')];
    expect(selector.contenders!(candidates)).toEqual(['b']);
    expect(selector.select(candidates, says('a')).winner).toBeNull();
    expect(selector.contenders!([one('a', evidence)])).toEqual([]);
    expect(selector.select([one('a', evidence)], says('a')).winner).toBeNull();
  });

  it('asks about a lone candidate too', () => {
    expect(selector.contenders!([one('a')])).toEqual(['a']);
    expect(selector.select([one('a')], says(null)).winner).toBeNull();
    expect(selector.select([one('a')], says('a')).winner).toBe('a');
  });

  it('chooses nobody where the judge does not, nobody was asked, or a stranger was named', () => {
    const candidates = [one('a'), one('b')];
    expect(selector.select(candidates, says(null))).toMatchObject({ winner: null, why: 'it is clearer' });
    expect(selector.select(candidates, null)).toMatchObject({ winner: null, why: 'No judge was asked.' });
    expect(selector.select(candidates, says('z'))).toMatchObject({ winner: null });
  });

  it('says nothing of no candidates', () => {
    expect(selector.select([])).toMatchObject({ winner: null, ranking: [] });
  });
});
