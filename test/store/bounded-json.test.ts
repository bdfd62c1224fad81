import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedJson, fromJson } from '../../src/store/bounded-json.ts';

const text = (value: unknown): string => boundedJson(value, 'it all', 1000);

describe('bounded JSON', () => {
  it('gives every JSON value back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = JSON.parse(JSON.stringify(value));
        expect(fromJson(boundedJson(once, 'it', 1e6))).toEqual(once);
      }),
    );
  });

  it('leaves out properties that are undefined', () => {
    expect(text({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it.each([
    ['undefined', undefined, 'it is undefined'],
    ['undefined in a list', { a: [1, undefined] }, 'a[1] is undefined'],
    ['NaN', { a: { b: Number.NaN } }, 'a.b is NaN'],
    ['an infinite number', [Number.POSITIVE_INFINITY], '[0] is Infinity'],
    ['a bigint', { n: 1n }, 'n is a bigint'],
    ['a function', { f: () => 1 }, 'f is a function'],
    ['a symbol', [Symbol('s')], '[0] is a symbol'],
    ['a date', { when: new Date(0) }, 'when is a Date'],
    ['a map', new Map(), 'it is a Map'],
    ['an error', { e: new Error('x') }, 'e is a Error'],
    ['bytes', new Uint8Array(2), 'it is a Uint8Array'],
  ])('refuses %s and says where it is', (_, value, problem) => {
    expect(() => text(value)).toThrow(new TypeError(`it all is not JSON: ${problem}`));
  });

  it('refuses a value that contains itself', () => {
    const knot: Record<string, unknown> = {};
    knot.self = { knot };
    expect(() => text(knot)).toThrow('nested too deep, or within itself');
  });

  it('counts bytes, not characters, and allows exactly the limit', () => {
    expect(text('ü'.repeat(499))).toHaveLength(501);
    expect(() => text('ü'.repeat(500))).toThrow(new RangeError('it all has 1002 bytes of JSON, at most 1000 are kept'));
  });
});
