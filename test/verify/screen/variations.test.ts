import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, type Value, varied } from '../../../src/verify/screen/variations.ts';

const call = (...args: Value[]): Call => ({ module: 'm', name: 'f', args });
const inputs = (...calls: Call[]) => varied(calls).map(({ args }) => args);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.record({ float: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ tuple: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ map: fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }) }),
  ),
}));

describe('inputs without known answers', () => {
  it('start with the calls that tests make, each once', () => {
    expect(inputs(call(1), call(2), call(1)).slice(0, 2)).toEqual([[1], [2]]);
  });

  it('vary numbers, booleans, strings and lists one argument at a time', () => {
    expect(inputs(call(5))).toEqual(expect.arrayContaining([[6], [4], [0], [-5], [10]]));
    expect(inputs(call(true))).toEqual([[true], [false]]);
    expect(inputs(call('ab'))).toEqual(expect.arrayContaining([[''], ['ba'], ['abab'], ['a']]));
    expect(inputs(call([3, 1, 2]))).toEqual(expect.arrayContaining([[[]], [[2, 1, 3]], [[1, 2, 3]], [[3]]]));
  });

  it('keep the kinds that JSON mixes up', () => {
    const kinds = (given: Value, kind: string) =>
      inputs(call(given)).every(([arg]) => Object.keys(arg as object)[0] === kind);
    expect(kinds({ float: 1.5 }, 'float')).toBe(true);
    expect(kinds({ tuple: [1, 2] }, 'tuple')).toBe(true);
    expect(kinds({ map: [['a', 1]] }, 'map')).toBe(true);
    expect(inputs(call({ set: [1] }))).toEqual([[{ set: [1] }]]);
  });

  it('sort numbers as numbers', () => {
    expect(inputs(call([10, 9]))).toContainEqual([[9, 10]]);
    expect(inputs(call([{ float: 10 }, { float: 9 }]))).toContainEqual([[{ float: 9 }, { float: 10 }]]);
  });

  it('cross arguments of different calls', () => {
    const pairs = inputs(call('a', null), call('b', false)).map(([a, b]) => `${a} ${b}`);
    expect(pairs.filter((pair) => ['a false', 'b null'].includes(pair)).length).toBeGreaterThan(0);
  });

  it('are the same for the same calls, distinct, and at most 48 a function of at most 4 functions', () => {
    const anyCalls = fc.array(
      fc.record({
        module: fc.constant('m'),
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        args: fc.array(value, { maxLength: 3 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const made = varied(calls);
        expect(varied(calls)).toEqual(made);
        expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(made.length);
        const byName = Map.groupBy(made, ({ name }) => name);
        expect(byName.size).toBeLessThanOrEqual(4);
        for (const group of byName.values()) expect(group.length).toBeLessThanOrEqual(48);
      }),
      { numRuns: 60 },
    );
  });
});
