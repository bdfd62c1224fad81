import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Base } from '../../src/repair/bases.ts';
import { Heap } from '../../src/repair/heap.ts';
import { type Operator, replace } from '../../src/repair/operator.ts';
import { merged, pairs } from '../../src/repair/pairs.ts';
import { highestPrior, PRIORS, prior } from '../../src/repair/priors.ts';
import { knownOperators, openProgram } from '../../src/repair/program.ts';
import { ranked, suspicionOf } from '../../src/repair/rank.ts';

async function baseOf(text: string, factor = 1): Promise<Base> {
  const [context] = await openProgram([{ path: 'a.py', text }]);
  return { context: context!, original: text, factor, carries: [] };
}

/** Doubles every number; twice as sure of it when it is a 7. */
const doubling: Operator = {
  id: 'doubling',
  *propose(node) {
    if (node.kind === 'number') yield replace(node, `${node.text} * 2`, 'only', node.text === '7' ? 1 : 0.5);
  },
};

describe('the order of candidates', () => {
  it('gives the highest of a queue first, equals in order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (scores) => {
        const heap = new Heap<number>();
        scores.forEach((score, at) => {
          heap.push(score, at);
        });
        const given: number[] = [];
        for (let next = heap.pop(); next; next = heap.pop()) given.push(next.item);
        const expected = scores.map((score, at) => ({ score, at })).sort((a, b) => b.score - a.score || a.at - b.at);
        expect(given).toEqual(expected.map(({ at }) => at));
        expect(heap.peek()).toBeNull();
      }),
    );
  });

  it('goes by suspicion times weight', async () => {
    const base = await baseOf('a = 1\nb = 7\nc = 3\n');
    const suspicion = suspicionOf([
      { path: 'a.py', line: 1, score: 0.4, why: '' },
      { path: 'a.py', line: 2, score: 0.1, why: '' },
      { path: 'a.py', line: 3, score: 0.4, why: '' },
    ]);
    const order = [...ranked([base], [doubling], suspicion)].map(({ edit }) => edit.replacements[0]!.text);
    expect(order).toEqual(['1 * 2', '3 * 2', '7 * 2']);
  });

  it('never rises, with the real operators', async () => {
    const base = await baseOf('def f(a, b):\n    c = a - 1\n    return c > b and a < 2\n');
    const scores = [...ranked([base], await knownOperators(), suspicionOf([]))].map(({ score }) => score);
    expect(scores.length).toBeGreaterThan(100);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('keeps lines that no failing test ran for the end, and does not drop them', async () => {
    const base = await baseOf('a = 1\nb = 7\n');
    const suspicion = suspicionOf([{ path: 'a.py', line: 1, score: 0.2, why: '' }]);
    expect([...ranked([base], [doubling], suspicion)].map(({ edit }) => edit.replacements[0]!.text)).toEqual([
      '1 * 2',
      '7 * 2',
    ]);
  });

  it('puts lines of an edited program back to where they were', async () => {
    const edited = await openProgram([{ path: 'a.py', text: 'new = 0\na = 1\nb = 7\n' }]);
    const base: Base = { context: edited[0]!, original: 'a = 1\nb = 7\n', factor: 1, carries: [] };
    const suspicion = suspicionOf([{ path: 'a.py', line: 2, score: 1, why: '' }]);
    const [first] = [...ranked([base], [doubling], suspicion)];
    expect(first!.edit.replacements[0]!.text).toBe('7 * 2');
  });

  it('combines two edits of one function, likeliest pairs first, never two in each other’s way', async () => {
    const base = await baseOf('def f():\n    return 1 + 7\n\ndef g():\n    return 7\n');
    const singles = [...ranked([base], [doubling], suspicionOf([]))];
    const both = [...pairs(singles)];
    expect(both).toHaveLength(1);
    expect(both[0]!.edit.replacements.map(({ text }) => text).sort()).toEqual(['1 * 2', '7 * 2']);
    expect(both[0]!.edit.variant).toBe('only + doubling:only');
  });

  it('merges streams by score', async () => {
    const base = await baseOf('a = 1\n');
    const of = (...scores: number[]) =>
      scores
        .map((score) => ({ base, operator: 'x', edit: { replacements: [], variant: 'y', weight: 1 }, score }))
        .values();
    expect([...merged(of(5, 2), of(), of(4, 3, 1))].map(({ score }) => score)).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('the priors', () => {
  it('are shares between 0 and 1, also for what was never counted', async () => {
    for (const key of Object.keys(PRIORS)) {
      const [operator, variant] = key.split(/:(.*)/s) as [string, string];
      expect(prior(operator, variant)).toBeGreaterThan(0);
      expect(prior(operator, variant)).toBeLessThanOrEqual(highestPrior(operator));
    }
    expect(prior('not', 'counted')).toBeGreaterThan(0);
    expect(highestPrior('not')).toBe(prior('not', 'counted'));
  });

  it('are of operators that exist', async () => {
    const ids = new Set((await knownOperators()).map(({ id }) => id));
    expect(Object.keys(PRIORS).filter((key) => !ids.has(key.split(':')[0]!))).toEqual([]);
  });
});
