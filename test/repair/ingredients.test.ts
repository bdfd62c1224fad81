import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/repair/operator.ts';
import { openProgram } from '../../src/repair/program.ts';
import { objectsOf, simpleTests } from '../../src/repair/simple-tests.ts';
import { framesOf } from '../../src/repair/stack-frames.ts';
import type { SyntaxNode } from '../../src/repair/syntax.ts';

const TEXT = `LIMIT = 99

def near(a):
    # takes "Zürich" and 'it''s' from Bern_1
    b = a.size + 7
    if b > 3 and not a.flag:
        return f(b)
    HERE
    return "end"

def far(c):
    """Gives 12 words."""
    return c[4] - len(c) or "far"
`;

async function here(text = TEXT, path = 'a.py'): Promise<{ context: Context; node: SyntaxNode }> {
  const [context] = await openProgram([{ path, text }]);
  return {
    context: context!,
    node: context!.file.nodes.find((each) => each.text === 'HERE' && each.kind === 'identifier')!,
  };
}

describe('the pieces of a program', () => {
  it('come from the function around before those of others, the nearest first, each text once', async () => {
    const { context, node } = await here();
    const texts = (nodes: readonly SyntaxNode[]) => nodes.map(({ text }) => text);
    const near = texts(context.ingredients.expressionsNear(node));
    expect(near.slice(0, 2)).toEqual(['f(b)', 'a.flag']);
    expect(near).toEqual(expect.arrayContaining(['a.size + 7', 'a.size', 'c[4] - len(c)', 'len(c)', 'c[4]']));
    expect(new Set(near).size).toBe(near.length);
    const conditions = texts(context.ingredients.conditionsNear(node));
    expect(conditions).toEqual(expect.arrayContaining(['b > 3 and not a.flag', 'b > 3', 'not a.flag']));
    expect(conditions.at(-1)).toBe('c[4] - len(c) or "far"');
  });

  it('are whole statements of the same function only', async () => {
    const { context, node } = await here();
    const texts = context.ingredients.statementsNear(node).map(({ text }) => text.split('\n')[0]);
    expect(texts).toEqual(expect.arrayContaining(['b = a.size + 7', 'return f(b)', 'return "end"', 'HERE']));
    expect(texts.some((text) => text!.includes('c[4]'))).toBe(false);
  });

  it('are numbers and texts, one’s own first', async () => {
    const { context, node } = await here();
    expect(context.ingredients.numbersNear(node)).toEqual(['7', '3', '99', '4']);
    expect(context.ingredients.stringsNear(node)).toEqual(['"end"', '"far"']);
    expect(context.ingredients.properties).toEqual(['size', 'flag']);
  });

  it('are what comments and documentation quote and say', async () => {
    const { context } = await here();
    expect(context.ingredients.documented).toEqual(
      expect.arrayContaining(['Zürich', 'takes', 'Bern_1', '12', 'words']),
    );
  });

  it('are bounded in a long file', async () => {
    const many = Array.from({ length: 300 }, (_, at) => `x${at} = y${at}.a + ${at}\n`).join('');
    const { context, node } = await here(`${many}HERE\n`);
    expect(context.ingredients.expressionsNear(node).length).toBeLessThanOrEqual(60);
  });
});

describe('simple tests of the variables at a place', () => {
  const of = async (text: string, path: string) => {
    const { context, node } = await here(text, path);
    return [...simpleTests(node, context)];
  };

  it.each([
    [
      'a number',
      'def f(n: int):\n    HERE\n',
      ['not n', 'n', 'n == 0', 'n != 0', 'n > 0', 'n < 0', 'n > 1', 'n == 1', 'n < 2', 'n == 2'],
    ],
    [
      'a list',
      'def f(n: list):\n    HERE\n',
      ['not n', 'n', 'len(n) == 0', 'len(n) > 0', 'len(n) == 1', 'len(n) > 1', 'len(n) != 1', 'n is None'],
    ],
    ['a boolean', 'def f(n: bool):\n    HERE\n', ['not n', 'n']],
  ])('of %s', async (_, text, wanted) => {
    const tests = (await of(text, 'a.py')).map(([test]) => test).filter((test) => !test.includes('%'));
    expect(tests).toEqual(wanted);
  });

  it('divide by small numbers of the program and its documentation', async () => {
    const tests = (await of('# every 5th, not 100\ndef f(n: int):\n    g(7, 1, 30)\n    HERE\n', 'a.py')).map(
      ([test]) => test,
    );
    const divisors = tests.flatMap((test) => /^n % (\d+) == 0$/.exec(test)?.[1] ?? []);
    expect(divisors).toEqual(['7', '5', '2', '3']);
  });

  it('are written in the words of the language, each with a weight in (0, 1]', async () => {
    const tests = await of('function f(all, n) {\n  n += 1;\n  HERE;\n}\n', 'a.js');
    const texts = tests.map(([test]) => test);
    expect(texts).toEqual(expect.arrayContaining(['!all', 'all.length == 0', 'all == null', 'n % 2 == 0']));
    for (const [, weight] of tests) expect(weight > 0 && weight <= 1).toBe(true);
  });

  it('know the objects whose members a condition reads', async () => {
    const [context] = await openProgram([{ path: 'a.py', text: 'x = a.b.c > d[e].f or g\n' }]);
    const condition = context!.file.nodes.find(({ kind }) => kind === 'logical')!;
    expect(objectsOf(condition)).toEqual(['a.b', 'a', 'd[e]']);
  });
});

describe('the frames of a printed failure', () => {
  const PATHS = ['src/a.py', 'a.py', 'lib/b.js', 'lib/c d.ts'];

  it.each<readonly [string, string, ReadonlyArray<readonly [string, number, number]>]>([
    [
      'Python, the innermost last',
      '  File "/t/src/a.py", line 3, in f\n  File "/t/a.py", line 9, in g\nE',
      [
        ['a.py', 9, 0],
        ['src/a.py', 3, 1],
      ],
    ],
    ['pytest', 'src/a.py:12: AssertionError\n', [['src/a.py', 12, 0]]],
    [
      'V8, the innermost first',
      'E\n    at f (/t/lib/b.js:3:7)\n    at /t/lib/b.js:8:1\n',
      [
        ['lib/b.js', 3, 0],
        ['lib/b.js', 8, 1],
      ],
    ],
    ['V8 with a URL', '    at async g (file:///t/lib/c%20d.ts:4:2)\n', [['lib/c d.ts', 4, 0]]],
    ['Windows', '    at f (C:\\t\\lib\\b.js:3:7)\n', [['lib/b.js', 3, 0]]],
    [
      'frames of others in between',
      '    at f (node:internal/x:1:1)\n    at g (/t/lib/b.js:5:1)\n',
      [['lib/b.js', 5, 0]],
    ],
    ['a path that only ends alike', '    at f (/t/xlib/b.js:5:1)\n', []],
    ['a broken escape', '    at f (file:///t/%E0%A4%A/lib/b.js:5:1)\n', [['lib/b.js', 5, 0]]],
    ['no frame', 'lib/b.js is wrong at line 3', []],
    ['nothing', '', []],
  ])('are read of %s', (_, message, frames) => {
    expect(framesOf(message, PATHS).map(({ path, line, depth }) => [path, line, depth])).toEqual(frames);
  });

  it('are at most twenty of a kind', () => {
    const message = Array.from({ length: 50 }, (_, at) => `    at f (/t/lib/b.js:${at + 1}:1)`).join('\n');
    expect(framesOf(message, PATHS)).toHaveLength(20);
  });
});
