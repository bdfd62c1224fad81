import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lazily } from '../../scripts/bundle/lazily.ts';

describe('what is made lazily', () => {
  it('is made by the first look into it, and once', () => {
    let made = 0;
    const held = lazily(() => ({ number: ++made, text: 'x' }));
    expect(made).toBe(0);
    expect([held.text, held.number, held.number]).toEqual(['x', 1, 1]);
    expect(made).toBe(1);
  });

  it('is made by asking whether it has a name', () => {
    const held = lazily(() => ({ here: undefined }) as Record<string, unknown>);
    expect(['here' in held, 'there' in held]).toEqual([true, false]);
  });

  it('has methods that work on what was made, also those of built-in classes', () => {
    const held = lazily(() => new Set(['a']));
    expect([held.has('a'), held.has('b'), held.size, [...held.values()]]).toEqual([true, false, 1, ['a']]);
  });

  it('throws at the look what its making throws, and is tried again at the next', () => {
    let tries = 0;
    const held = lazily(() => {
      if (++tries === 1) throw new TypeError('not yet');
      return { there: true };
    });
    expect(() => held.there).toThrow('not yet');
    expect(held.there).toBe(true);
  });

  it('may be a schema, alone and as a part of another, without being made by that', () => {
    let made = 0;
    const name = lazily(() => {
      made += 1;
      return z.string().min(2);
    });
    const person = lazily(() => z.object({ name, names: z.array(name) }));
    const either = z.union([person, z.number()]);
    expect(made).toBe(0);
    expect(either.safeParse(3).success).toBe(true);
    expect(either.parse({ name: 'Ada', names: [] })).toEqual({ name: 'Ada', names: [] });
    expect(person.safeParse({ name: 'A', names: [] }).error!.issues[0]).toMatchObject({
      code: 'too_small',
      path: ['name'],
    });
    expect(person.extend({ age: name.optional() }).safeParse({ name: 'Ada', names: ['x'] }).success).toBe(false);
    expect(Object.keys(person.shape)).toEqual(['name', 'names']);
    expect(made).toBe(1);
  });

  it('may refer to itself', () => {
    interface Node {
      readonly children: readonly Node[];
    }
    const node: z.ZodType<Node> = lazily(() => z.object({ children: z.array(z.lazy(() => node)) }));
    expect(node.safeParse({ children: [{ children: [] }] }).success).toBe(true);
    expect(node.safeParse({ children: [{ children: 1 }] }).success).toBe(false);
  });
});
