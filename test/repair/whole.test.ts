import { describe, expect, it } from 'vitest';
import { type Ending, made } from './proposing.ts';
import { EXPRESSIONS } from './whole-expressions.ts';
import { STATEMENTS } from './whole-statements.ts';

/** The texts an operator makes, each once, in an order of their own. */
async function all(operator: string, ending: Ending, before: string): Promise<string[]> {
  const texts = await made(operator, ending, `${before}\n`);
  return [...new Set(texts.map((text) => text.replace(/\n$/, '')))].sort();
}

describe('an operator proposes these and no others', () => {
  it.each([...EXPRESSIONS, ...STATEMENTS])('%s (%s): of %j come %j', async (operator, ending, before, after) => {
    expect(await all(operator, ending, before)).toEqual([...after].sort());
  });

  it.each<readonly [string, string, string]>([
    ['abs(a - b)', 'x = a - b', 'x = abs(a - b)'],
    ['(a - b).lower()', 'x = a - b', 'x = (a - b).lower()'],
    ['a parenthesised one without its parentheses', 'x = (a - b)', 'x = abs(a - b)'],
    ['a limit', 'x = a', 'x = max(0, a)'],
    ['a list', 'x = a', 'x = [a]'],
  ])('wrap: %s', async (_, before, after) => {
    expect(await all('wrap', 'py', before)).toContain(after);
  });

  it('wraps an operand of a condition in JavaScript, and the condition inside its own parentheses', async () => {
    const texts = await all('wrap', 'js', 'if (a.b) c();');
    expect(texts).toEqual(expect.arrayContaining(['if (a.b.length) c();', 'if (Number(a.b)) c();']));
    expect(texts.filter((text) => !text.startsWith('if ('))).toEqual([]);
  });

  it('takes parts of a slice apart', async () => {
    const bounds = (await all('slice', 'py', 'f(a[1:n])')).filter((text) => /^f\(a\[[^[\]]*\]\)$/.test(text));
    const wanted = [':n', '-1:n', ':1', '1:', '1:-n', 'n:', '1:n:-1', '1:n:2', 'n:1'];
    expect(bounds).toEqual(wanted.map((each) => `f(a[${each}])`).sort());
    const stepped = (await all('slice', 'py', 'f(a[::2])')).filter((text) => /^f\(a\[[^[\]]*\]\)$/.test(text));
    expect(stepped).toEqual([':', '::-2', '1::2', ':-1:2'].map((each) => `f(a[${each}])`).sort());
  });

  it('puts a statement under each simple test of its variables and under each condition of the program', async () => {
    const texts = await all('put-under-condition', 'py', 'def f(a):\n    if a > 9:\n        return 1\n    b()');
    const tests = texts.flatMap((text) => /\n {4}if (.*):\n {8}b\(\)$/.exec(text)?.[1] ?? []);
    const simple = ['not a', 'a', 'a == 0', 'a != 0', 'a > 0', 'a < 0', 'a > 1', 'a == 1', 'a < 2', 'a == 2'];
    const divided = [2, 3, 9].flatMap((by) => [`a % ${by} == 0`, `a % ${by} != 0`]);
    expect(tests.sort()).toEqual([...simple, ...divided, 'a > 9'].sort());
  });

  it('tests two numbers against each other in each way', async () => {
    const texts = await all('put-under-condition', 'py', 'def f(a: int, b: int):\n    c()');
    const tests = texts.flatMap((text) => /if ([ab] \S+ [ab]):/.exec(text)?.[1] ?? []);
    expect(tests).toEqual(['a != b', 'a < b', 'a == b', 'b != a', 'b < a', 'b == a']);
  });

  it('indents the lines of a statement for where it is moved to', async () => {
    const before = 'if a:\n    b()\nfor c in d:\n    e()\n    f(\n        g,\n    )';
    const texts = await all('move-statement', 'py', before);
    expect(texts).toContain('if a:\n    b()\n    for c in d:\n        e()\n        f(\n            g,\n        )');
    expect(texts).toContain('if a:\n    b()\nfor c in d:\n    e()\nf(\n    g,\n)');
  });
});
