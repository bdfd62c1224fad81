import { describe, expect, it } from 'vitest';
import { openProgram } from '../../src/repair/program.ts';
import type { SyntaxNode } from '../../src/repair/syntax.ts';

/** The names visible where the program says `HERE`, and what they are taken for. */
async function visible(path: string, text: string): Promise<Record<string, string>> {
  const [context] = await openProgram([{ path, text }]);
  const here = context!.file.nodes.find((node: SyntaxNode) => node.text === 'HERE' && node.kind === 'identifier')!;
  const names = context!.names.variablesAt(here);
  return Object.fromEntries(names.map(({ name, sort }) => [name, sort]));
}

async function functions(path: string, text: string): Promise<string[]> {
  const [context] = await openProgram([{ path, text }]);
  const here = context!.file.nodes.find((node: SyntaxNode) => node.text === 'HERE' && node.kind === 'identifier')!;
  return context!.names.functionsAt(here).map(({ name }) => name);
}

describe('names in scope in Python', () => {
  it('are parameters, variables bound before, loop variables and those of the module', async () => {
    const text = `LIMIT = 10
def f(a, b=1, *rest, **more):
    total = 0
    for i, x in enumerate(a):
        print(HERE)
    late = 1
`;
    expect(Object.keys(await visible('a.py', text)).sort()).toEqual(
      ['LIMIT', 'a', 'b', 'i', 'more', 'rest', 'total', 'x'].sort(),
    );
  });

  it('are not those of other functions, nor keyword arguments, nor attributes', async () => {
    const text = 'def g(other):\n    hidden = 1\n\ndef f(a):\n    call(key=a)\n    a.attribute = 1\n    return HERE\n';
    expect(Object.keys(await visible('a.py', text))).toEqual(['a']);
  });

  it('include the variables of the comprehension around, and of the lambda around', async () => {
    expect(Object.keys(await visible('a.py', 'x = [HERE for a in b for c in a]\n'))).toContain('c');
    expect(Object.keys(await visible('a.py', 'x = lambda p: HERE\n'))).toContain('p');
  });

  it('have sorts: from annotations, from what is assigned, from how they are used', async () => {
    const text = `def f(n: int, words: list, s, mystery):
    count = 0
    flag = True
    table = {}
    for i in range(9):
        s.lower()
    return HERE
`;
    expect(await visible('a.py', text)).toEqual({
      ...{ n: 'number', words: 'list', s: 'string', mystery: 'unknown' },
      ...{ count: 'number', flag: 'boolean', table: 'dict', i: 'number' },
    });
  });

  it('know functions apart from variables', async () => {
    const text = 'def g(x):\n    return x\n\ndef f(a):\n    h = lambda y: y\n    return HERE\n';
    expect((await functions('a.py', text)).sort()).toEqual(['f', 'g', 'h']);
    expect(Object.keys(await visible('a.py', text))).toEqual(['a']);
  });
});

describe('names in scope in JavaScript', () => {
  it('are those of the blocks around and not of blocks that ended', async () => {
    const text = `const limit = 10;
function f(a, { b, c: [d] }, e = 1, ...rest) {
  for (let gone = 0; gone < 3; gone++) {}
  for (const x of a) {
    let inner = x.length;
    use(HERE);
  }
}
`;
    const names = Object.keys(await visible('a.js', text));
    expect(names).toEqual(expect.arrayContaining(['limit', 'a', 'b', 'd', 'e', 'rest', 'x', 'inner']));
    expect(names).not.toContain('gone');
  });

  it('include parameters of arrow functions without parentheses', async () => {
    expect(Object.keys(await visible('a.js', 'const g = list.map(item => HERE);\n'))).toContain('item');
  });

  it('have sorts from types where the language has them', async () => {
    const text = 'function f(n: number, s: string, all: string[], map: Record<string, number>) {\n  return HERE;\n}\n';
    expect(await visible('a.ts', text)).toEqual({ n: 'number', s: 'string', all: 'list', map: 'dict' });
  });
});
