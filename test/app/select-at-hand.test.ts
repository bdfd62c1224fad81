import { describe, expect, it } from 'vitest';
import { createAtHand, type Known, type SelectWork } from '../../src/app/select-at-hand.ts';

const WORK: SelectWork = {
  plan: {
    candidates: [{ id: 'a', text: 'stored' }],
    mode: 'tests_first',
    results: null,
    lintResults: {},
    testCommand: null,
    lintCommand: null,
    probeCommand: null,
    task: null,
    criteria: null,
    timeLimitMs: 1_000,
  },
  withheld: {},
  digest: 'digest',
  tree: 'tree',
  ensemble: null,
};
const WHERE = { folder: '/top/pkg', project: '/top', workflowId: 'w-1' };

const known = (text: string, characters = 1): Known => ({ candidates: [{ id: 'a', text }], tree: null, characters });
const numbered = (n: number): SelectWork => ({ ...WORK, digest: `digest ${n}` });

describe('what a call keeps at hand', () => {
  it('is found by the run of that work, and gone once the call is over', () => {
    const atHand = createAtHand();
    const mine = known('mine');
    {
      using _kept = atHand.keep(WORK, WHERE, mine);
      expect(atHand.find(structuredClone(WORK), { ...WHERE })).toBe(mine);
    }
    expect(atHand.find(WORK, WHERE)).toBeNull();
  });

  it.each<[string, Partial<SelectWork>, Partial<typeof WHERE>]>([
    ['candidates', { digest: 'other' }, {}],
    ['tree', { tree: 'other' }, {}],
    ['criteria', { plan: { ...WORK.plan, criteria: 'other' } }, {}],
    ['results', { plan: { ...WORK.plan, results: { results: [] } } }, {}],
    ['mode', { plan: { ...WORK.plan, mode: 'llm_judge' } }, {}],
    ['ensemble', { ensemble: 'other' }, {}],
    ['folder', {}, { folder: '/top/other' }],
    ['project', {}, { project: '/', folder: '/top/pkg' }],
    ['workflow', {}, { workflowId: 'w-2' }],
  ])('is of no use to, and not touched by, work with another %s', (_, work, where) => {
    const atHand = createAtHand();
    using _kept = atHand.keep(WORK, WHERE, known('mine'));
    const other = [
      { ...WORK, ...work },
      { ...WHERE, ...where },
    ] as const;
    expect(atHand.find(...other)).toBeNull();
    atHand.keep(...other, known('theirs'))[Symbol.dispose]();
    expect(atHand.find(WORK, WHERE)?.candidates[0]?.text).toBe('mine');
  });

  it('stays until the last of those who keep the same is done, each counted once', () => {
    const atHand = createAtHand();
    const [first, second] = [atHand.keep(WORK, WHERE, known('one')), atHand.keep(WORK, WHERE, known('two'))];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(atHand.find(WORK, WHERE)?.candidates[0]?.text).toBe('two');
    second[Symbol.dispose]();
    expect(atHand.find(WORK, WHERE)).toBeNull();
  });

  it('is bounded in number: the oldest go first, and what is kept again counts as new', () => {
    const atHand = createAtHand({ entries: 2, characters: 100 });
    for (const n of [0, 1, 0, 2]) atHand.keep(numbered(n), WHERE, known(`${n}`));
    expect([0, 1, 2].map((n) => atHand.find(numbered(n), WHERE) !== null)).toEqual([true, false, true]);
  });

  it('is bounded in characters, but for one that has more by itself', () => {
    const atHand = createAtHand({ entries: 10, characters: 100 });
    for (const n of [0, 1, 2]) atHand.keep(numbered(n), WHERE, known(`${n}`, 40));
    expect([0, 1, 2].map((n) => atHand.find(numbered(n), WHERE) !== null)).toEqual([false, true, true]);
    expect(atHand.characters()).toBe(80);
    atHand.keep(numbered(3), WHERE, known('3', 101));
    expect([1, 2, 3].map((n) => atHand.find(numbered(n), WHERE) !== null)).toEqual([false, false, true]);
  });

  it('that was let go and kept again by another is not taken from that one', () => {
    const atHand = createAtHand({ entries: 1, characters: 100 });
    const first = atHand.keep(WORK, WHERE, known('one'));
    atHand.keep(numbered(1), WHERE, known('between'));
    using _second = atHand.keep(WORK, WHERE, known('two'));
    first[Symbol.dispose]();
    expect(atHand.find(WORK, WHERE)?.candidates[0]?.text).toBe('two');
  });
});
