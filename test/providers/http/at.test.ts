import { describe, expect, it } from 'vitest';
import { at, listAt, numberAt, textAt } from '../../../src/providers/http/at.ts';

const value: unknown = JSON.parse('{"a":[{"b":"text","n":0,"list":[1]}],"__proto__":{"own":1},"none":null}');

describe('what stands at a path', () => {
  it('is found through lists and objects', () => {
    expect(at(value, 'a', 0, 'b')).toBe('text');
    expect(at(value)).toBe(value);
  });

  it('is undefined where the way ends early, whatever stands there', () => {
    expect(at(value, 'a', 1, 'b')).toBeUndefined();
    expect(at(value, 'none', 'b')).toBeUndefined();
    expect(at(value, 'a', 0, 'b', 'length')).toBeUndefined();
    expect(at(undefined, 'a')).toBeUndefined();
  });

  it('is only what the value holds itself, not what its prototype has', () => {
    expect(at({}, 'toString')).toBeUndefined();
    expect(at([], 'map')).toBeUndefined();
    expect(at(value, '__proto__', 'own')).toBe(1);
  });

  it('counts as text, number or list only when it is one', () => {
    expect(textAt(value, 'a', 0, 'b')).toBe('text');
    expect(textAt(value, 'a', 0, 'n')).toBeNull();
    expect(numberAt(value, 'a', 0, 'n')).toBe(0);
    expect(numberAt({ n: Number.NaN }, 'n')).toBeNull();
    expect(numberAt({ n: '1' }, 'n')).toBeNull();
    expect(listAt(value, 'a', 0, 'list')).toEqual([1]);
    expect(listAt(value, 'a', 0)).toEqual([]);
  });
});
