import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { rankHypotheses, select } from '../../src/domain/selection.ts';
import { evidenceOf, UNKNOWN } from './evidence-of.ts';

/** The order of ids that selection gives to candidates named by their keys. */
function orderOf(pool: Record<string, Partial<Evidence> & { text?: string }>): string[] {
  const candidates = Object.entries(pool).map(([id, { text, ...difference }]) => ({
    id,
    evidence: evidenceOf(difference),
    ...(text === undefined ? {} : { text }),
  }));
  return select(candidates).ranking.map(({ id }) => id);
}

const alone = (difference: Partial<Evidence>) => select([{ id: 'x', evidence: evidenceOf(difference) }]);

describe('the order of candidates', () => {
  it('puts what applies before what is unknown to apply, and that before what does not apply', () => {
    expect(orderOf({ not: { applies: false }, unknown: { applies: null }, applies: { fixed: [] } })).toEqual([
      'applies',
      'unknown',
      'not',
    ]);
  });

  it('puts a candidate that touches a protected file behind every one that applies and does not', () => {
    expect(orderOf({ touches: { protectedFiles: ['test/a.test.js'] }, breaks: { broken: ['p1'], fixed: [] } })).toEqual(
      ['breaks', 'touches'],
    );
  });

  it('puts fewer broken tests before more fixed ones', () => {
    expect(orderOf({ fixes: { broken: ['p1'] }, harmless: { fixed: ['t1'] } })).toEqual(['harmless', 'fixes']);
  });

  it('puts a larger share of fixed targets first', () => {
    expect(orderOf({ none: { fixed: [] }, half: { fixed: ['t1'] }, other: { fixed: ['t9'] } })).toEqual([
      'half',
      'none',
      'other',
    ]);
  });

  it('puts known breakage before unknown breakage', () => {
    expect(orderOf({ unknown: { broken: null }, known: { broken: ['p1', 'p2', 'p3'] } })).toEqual(['known', 'unknown']);
  });

  it('puts fewer new lint problems first, and an unchecked candidate last', () => {
    expect(orderOf({ unchecked: {}, two: { newLintProblems: 2 }, clean: { newLintProblems: 0 } })).toEqual([
      'clean',
      'two',
      'unchecked',
    ]);
  });

  it('never lets agreement outweigh a lint problem', () => {
    const crowd = { newLintProblems: 1, behaviour: 'same' };
    expect(orderOf({ a: crowd, b: crowd, c: { newLintProblems: 0, behaviour: 'other' } })[0]).toBe('c');
  });

  it('puts the larger group of identical behaviour first', () => {
    expect(orderOf({ odd: { behaviour: '7' }, one: { behaviour: '8' }, two: { behaviour: '8' }, unknown: {} })).toEqual(
      ['one', 'two', 'odd', 'unknown'],
    );
  });

  it('puts the most central behaviour first among groups of one size, weighted by the size of the others', () => {
    const pool = { far: '1\n9\n9', middle: '1\n2\n9', near: '1\n2\n3' };
    expect(orderOf(Object.fromEntries(Object.entries(pool).map(([id, behaviour]) => [id, { behaviour }])))).toEqual([
      'middle',
      'far',
      'near',
    ]);
    const weighted = ['a\nb\nc', 'a\nb\nc', 'x\ny\nc', 'x\ny\nc', 'x\nb\nz', 'a\nb\nz', 'a\nb\nz'];
    const ranking = select(
      weighted.map((behaviour, index) => ({ id: `${index}`, evidence: evidenceOf({ behaviour }) })),
    );
    expect(ranking.ranking.map(({ id }) => id)).toEqual(['0', '1', '5', '6', '2', '3', '4']);
  });

  it('prefers, among odd ones out, the one close to the crowd over the one close to another odd one', () => {
    const lines = (bits: string) => ({ behaviour: [...bits].join('\n') });
    const crowd = lines('000000');
    const order = orderOf({ a: lines('111100'), b: lines('100000'), c: lines('111110'), x: crowd, y: crowd, z: crowd });
    expect(order).toEqual(['x', 'y', 'z', 'b', 'a', 'c']);
  });

  it('counts a line that only one of two behaviours has as a difference of both', () => {
    expect(
      orderOf({ short: { behaviour: '1' }, middle: { behaviour: '1\n2' }, long: { behaviour: '1\n2\n3' } })[0],
    ).toBe('middle');
  });

  it('takes no agreement from behaviours or texts that are not known', () => {
    expect(orderOf({ a: {}, b: {}, known: { behaviour: '1' } })[0]).toBe('known');
    expect(orderOf({ a: {}, b: { text: ' ' }, known: { text: 'x' } })[0]).toBe('known');
  });

  it('reads a behaviour given as a JSON list entry by entry, line breaks inside an entry included', () => {
    const behaviours = { a: ['1\n1\n1', '5'], b: ['2\n2\n2', '5'], c: ['2\n2\n2', '6'] };
    expect(
      orderOf(
        Object.fromEntries(Object.entries(behaviours).map(([id, list]) => [id, { behaviour: JSON.stringify(list) }])),
      ),
    ).toEqual(['b', 'a', 'c']);
  });

  it('tells candidates apart that print the same and break different tests', () => {
    const same = { behaviour: 'same', fixed: [] };
    expect(
      orderOf({
        a: { ...same, broken: ['p1'] },
        b: { ...same, broken: ['p2'] },
        c: { ...same, broken: ['p2'] },
      }),
    ).toEqual(['b', 'c', 'a']);
  });

  it('puts the text that most others share first, whatever its layout', () => {
    expect(
      orderOf({ odd: { text: 'return a' }, one: { text: 'return  b;\n\n' }, two: { text: ' return b;' }, none: {} }),
    ).toEqual(['one', 'two', 'odd', 'none']);
  });

  it('compares unified diffs by what they add and remove only', () => {
    const short = '--- a/f\n+++ b/f\n@@ -5 +5 @@\n-x = 1\n+x = 2\n';
    const long = '--- a/f\n+++ b/f\n@@ -4,3 +4,3 @@\n y\n-x = 1\n+x = 2\n z\n';
    const other = '--- a/f\n+++ b/f\n@@ -5 +5 @@\n-x = 1\n+x = 3\n';
    expect(orderOf({ other: { text: other }, short: { text: short }, long: { text: long } })).toEqual([
      'short',
      'long',
      'other',
    ]);
  });

  it('takes the earlier one of two that nothing else tells apart, the longer one included', () => {
    expect(orderOf({ first: { text: 'x'.repeat(500) }, second: { text: 'y' } })).toEqual(['first', 'second']);
    expect(orderOf({ first: { text: 'y' }, second: { text: 'x'.repeat(500) } })).toEqual(['first', 'second']);
  });
});

describe('the winner', () => {
  it('is a lone candidate when it passes in full, and judged like any other when it does not', () => {
    expect(alone({})).toMatchObject({ winner: 'x', closest: null });
    expect(alone({ broken: ['p1'] })).toMatchObject({ winner: null, closest: 'x' });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['does not apply', { applies: false, problem: 'hunk 2 of a.js' }, 'does not apply: hunk 2 of a.js'],
    ['is not known to apply', { applies: null }, 'it is not known whether it applies'],
    [
      'touches a protected file',
      { protectedFiles: ['package-lock.json'] },
      'touches protected files: package-lock.json',
    ],
    ['executed no test', { executed: 0 }, 'no test was executed'],
    ['has an unknown number of tests', { executed: null }, 'it is not known whether any test was executed'],
    ['timed out', { status: 'timed_out' }, 'the tests did not end in time'],
    ['was stopped', { status: 'cancelled' }, 'the tests were stopped before they ended'],
    ['keeps the tests from starting', { status: 'not_started' }, 'the tests could not start'],
    ['breaks a test', { broken: ['p1'] }, 'breaks 1 test that passed: p1'],
    [
      'makes the command fail all the same',
      { status: 'failed' },
      'the test command fails although every test it names is as it should be',
    ],
    ['may break tests', { broken: null }, 'it is not known which tests it breaks'],
    ['fixes only some targets', { fixed: ['t2'] }, 'fixes 1 of 2 target tests; not passing: t1'],
    [
      'fixes other tests than the targets',
      { fixed: ['a', 'b', 'c'] },
      'fixes 0 of 2 target tests; not passing: t1, t2',
    ],
    ['stopped at the targets', { broken: null, fixed: ['t2'] }, 'fixes 1 of 2 target tests; not passing: t1'],
    ['has unknown fixes', { fixed: null }, 'it is not known which target tests it fixes'],
    ['has unknown targets', { targets: null }, 'it is not known which target tests it fixes'],
  ])('is never one that %s, and the reason says so', (_, difference, why) => {
    const chosen = alone(difference);
    expect(chosen.winner).toBeNull();
    expect(chosen.ranking[0]).toMatchObject({ eligible: false, why });
    expect(chosen.why).toContain(why);
  });

  it('is never one without evidence, even when all agree on it', () => {
    const chosen = select(['a', 'b', 'c'].map((id) => ({ id, evidence: UNKNOWN, text: 'the same answer' })));
    expect(chosen).toMatchObject({ winner: null, closest: null });
    expect(chosen.why).toBe(
      'Nothing is known about any of the 3 candidates: no evidence: nothing was run or reported.',
    );
    expect(chosen.next).toContain('test command');
  });

  it('is nobody when some do not apply and nothing is known of the rest', () => {
    const chosen = select([
      { id: 'patch', evidence: evidenceOf({ applies: false }) },
      { id: 'prose', evidence: UNKNOWN },
    ]);
    expect(chosen).toMatchObject({ winner: null, closest: null });
    expect(chosen.why).toMatch(/^None of 2 candidates passed, and of 'prose' nothing is known: /);
  });

  it('is never claimed by evidence without a basis', () => {
    expect(alone({ basis: 'none' }).winner).toBeNull();
  });

  it('may be a change to a suite in which nothing failed', () => {
    const chosen = alone({ targets: [], fixed: [] });
    expect(chosen.winner).toBe('x');
    expect(chosen.ranking[0]!.why).toBe('passes: no test failed before, breaks none of 10 executed (observed)');
  });

  it('by an exit status alone says so, and shows little where the command passed before', () => {
    const level = 'exit-status' as const;
    const mended = alone({ level, executed: 1, targets: ['(whole command)'], fixed: ['(whole command)'] });
    expect(mended).toMatchObject({ winner: 'x', next: "Apply 'x'." });
    expect(mended.ranking[0]!.why).toBe(
      'passes: the command ends with 0, and failed before (observed, by its exit status alone: no test was recognised)',
    );
    const idle = alone({ level, executed: 1, targets: [], fixed: [] });
    expect(idle.winner).toBe('x');
    expect(idle.ranking[0]!.why).toBe(
      'passes: the command ends with 0, as it did before (observed, by its exit status alone: no test was recognised)',
    );
    expect(idle.next).toBe(
      "Read 'x' before relying on it: the command passed before too and names no test. Give one that fails without the change.",
    );
  });

  it('is not held back by words of doubt in its text', () => {
    const text = 'I am not sure, this might be wrong, perhaps:';
    expect(select([{ id: 'x', evidence: evidenceOf(), text }]).winner).toBe('x');
  });

  it('comes with the share that passed and with what put it ahead of the next', () => {
    const chosen = select([
      { id: 'a', evidence: evidenceOf({ newLintProblems: 1 }) },
      { id: 'b', evidence: evidenceOf({ newLintProblems: 0 }) },
      { id: 'c', evidence: evidenceOf({ fixed: [] }) },
    ]);
    expect(chosen.why).toBe(
      "'b' passes: fixes all 2 target tests, breaks none of 10 executed (observed); 2 of 3 candidates passed." +
        " Of the rest, 'a' came next: passes: fixes all 2 target tests, breaks none of 10 executed (observed);" +
        " behind 'b': it adds more lint or type problems, or was not checked for them.",
    );
    expect(chosen.next).toBe("Apply 'b'.");
  });

  it('is to be run once more when its results were only reported', () => {
    expect(alone({ basis: 'reported', status: null }).next).toBe(
      "Run the tests on 'x' before relying on it: its results were reported, not observed.",
    );
  });
});

describe('what to do next', () => {
  it.each<[string, Partial<Evidence>, string]>([
    ['new patches when none applies', { applies: false }, 'Ask for patches against the files as they are now.'],
    [
      'another patch when protected files are touched',
      { protectedFiles: ['x'] },
      'Ask for a patch that leaves the protected files alone.',
    ],
    [
      'the test command when it executes nothing',
      { executed: 0 },
      'Check the test command: it must execute at least one test.',
    ],
    [
      'to give the closest one back when it fails',
      { broken: ['p'] },
      "Ask for new candidates, giving back 'x' and how it failed.",
    ],
  ])('is %s', (_, difference, next) => {
    expect(alone(difference).next).toBe(next);
  });

  it('is to ask for candidates when there are none', () => {
    expect(select([])).toEqual({
      winner: null,
      closest: null,
      why: 'There is no candidate to choose from.',
      ranking: [],
      next: 'Ask for candidates first.',
    });
  });

  it('stays on one line and bounded, whatever names tests and candidates have', () => {
    const broken = ['a\nb\u001b[31m', 'x'.repeat(5_000), 'c', 'd', 'e'];
    const { ranking, why, next } = select([{ id: 'i\r\nd', evidence: evidenceOf({ broken }) }]);
    for (const text of [ranking[0]!.why, why, next]) {
      expect(text).not.toMatch(/\p{Cc}/u);
      expect(text.length).toBeLessThan(500);
    }
    expect(ranking[0]!.why).toMatch(/^breaks 5 tests that passed: a b \[31m, x+…, c and 2 more$/);
  });
});

describe('hypotheses', () => {
  it('are ordered by how far their verification test got, equals in the order they came', () => {
    const hypotheses = [
      { id: 'a', verification: 'none' },
      { id: 'b', verification: 'exists' },
      { id: 'c', verification: 'runs' },
      { id: 'd', verification: 'reproduces' },
      { id: 'e', verification: 'runs' },
    ] as const;
    expect(rankHypotheses(hypotheses).map(({ id }) => id)).toEqual(['d', 'c', 'e', 'b', 'a']);
  });
});
