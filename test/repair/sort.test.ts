import { describe, expect, it } from 'vitest';
import type { Sort } from '../../src/repair/language.ts';
import { openProgram } from '../../src/repair/program.ts';
import { calledName } from '../../src/repair/sort.ts';
import type { Ending } from './proposing.ts';

/** What the expression is taken for where it is assigned, below some lines about its names. */
async function sortOf(ending: Ending, expression: string, above = ''): Promise<Sort> {
  const end = ending === 'py' ? '' : ';';
  const text = `${above}x = ${expression}${end}\n`;
  const [context] = await openProgram([{ path: `a.${ending}`, text }]);
  const start = above.length + 4;
  const node = context!.file.nodes.find((each) => each.start === start && each.text === expression && each.kind)!;
  return context!.sort(node);
}

const TABLE: Readonly<Record<'py' | 'js', Partial<Record<Sort, readonly string[]>>>> = {
  py: {
    number: [
      '1',
      '-1',
      '~a',
      '1.5',
      'len(a)',
      'a.count(b)',
      'max(a, b)',
      'a + 1',
      'a - b',
      'a * b',
      '(a + 1)',
      'a // b',
    ],
    string: ['"a"', 'f"a{b}"', 'a.lower()', '"a" + b', '"-" * n', '"a" % b', '"abc"[0:1]', '"".join(a)', 'str(1)'],
    boolean: ['True', 'not a', 'a < b', 'a in b', 'any(a)', 'a.startswith(b)', 'isinstance(a, b)'],
    list: ['[1]', '(1, 2)', '{1}', '[a for a in b]', 'sorted(a)', 'a.split(",")', '[1] + a', 'range(3)', '[1, 2][0:1]'],
    dict: ['{"a": 1}', '{}', 'dict(a)', '{a: b for a in c}', 'Counter(a)'],
    function: ['lambda: 1'],
    unknown: ['None', 'a', 'a and b', 'a + b', 'a[1]', 'a.b', 'a.unknown()', 'f(1)'],
  },
  js: {
    number: [
      '1',
      '-a',
      'i++',
      'a.length',
      'Math.PI',
      'Math.max(a)',
      'a + 1',
      'a - b',
      'parseInt(a, 10)',
      'a.indexOf(b)',
    ],
    string: ["'a'", '`a`', '/a/', "a + 'b'", 'a.join("")', 'String(a)', 'typeof a', 'a.trim()'],
    boolean: ['true', '!a', 'a === b', 'a instanceof B', 'a.includes(b)', 'Array.isArray(a)', 'delete a.b'],
    list: ['[1]', 'a.map(f)', 'a.slice(1)', 'Array.from(a)', 'Object.keys(a)', '[...a].filter(f)'],
    dict: ['{ a: 1 }'],
    function: ['() => 1', 'function () {}'],
    unknown: ['null', 'undefined', 'a', 'a && b', 'a ?? 1', 'a?.b', 'a[0]', 'await a', 'void 0', 'new Thing(a)'],
  },
};

describe.each(['py', 'js'] as const)('an expression in %s', (ending) => {
  const rows = Object.entries(TABLE[ending]).flatMap(([sort, all]) =>
    all.map((expression) => [expression, sort] as const),
  );

  it.each(rows)('%s is taken for a %s', async (expression, sort) => {
    expect(await sortOf(ending, expression)).toBe(sort);
  });
});

describe('a name', () => {
  it.each<readonly [Ending, string, Sort]>([
    ['py', 'a = 1\n', 'number'],
    ['py', 'a = b = []\na.append(1)\n', 'list'],
    ['py', 'def f(a: str):\n    pass\n', 'string'],
    ['py', 'def f(a: Dict[str, int] = None):\n    pass\n', 'dict'],
    ['py', 'for a in range(3):\n    pass\n', 'number'],
    ['py', 'def f(a):\n    return a.items()\n', 'dict'],
    ['py', 'def f(a):\n    return len(a)\n', 'list'],
    ['py', 'def f(a):\n    return a > 3\n', 'number'],
    ['py', 'def f(a):\n    return a == "x"\n', 'string'],
    ['py', 'def f(a):\n    return a\n', 'unknown'],
    ['js', 'let a = 0;\n', 'number'],
    ['js', 'let a; a++;\n', 'number'],
    ['js', 'const f = (a) => a.push(1);\n', 'list'],
    ['js', 'const f = (a) => a.toUpperCase();\n', 'string'],
    ['js', 'const a = { b: 1 };\n', 'dict'],
    ['ts', 'let a: number[];\n', 'list'],
    ['ts', 'let a: boolean;\n', 'boolean'],
  ])('in %s is what its uses agree on: %j', async (ending, above, sort) => {
    expect(await sortOf(ending, 'a', above)).toBe(sort);
  });

  it('takes what most of its uses say, and a hint of another name', async () => {
    expect(await sortOf('py', 'a', 'a = 1\na = 2\na = "x"\n')).toBe('number');
    expect(await sortOf('py', 'a', 'b = "x"\na = b\n')).toBe('string');
  });
});

describe('the name of a call', () => {
  it.each([
    ['js', 'Math.max(a, b);\n', 'max'],
    ['js', 'max(a);\n', 'max'],
    ['js', 'new Thing(a);\n', 'Thing'],
    ['js', 'a.b.c(d);\n', 'c'],
    ['py', 'math.floor(a)\n', 'floor'],
    ['py', 'f(a)(b)\n', 'f(a)'],
  ] as const)('in %s: %j is %s', async (ending, text, name) => {
    const [context] = await openProgram([{ path: `a.${ending}`, text }]);
    const call = context!.file.nodes.find(({ kind }) => kind === 'call' || kind === 'new')!;
    expect(calledName(call)).toBe(name);
  });
});
