import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/repair/grammar.ts';
import { openProgram } from '../../src/repair/program.ts';
import type { Ending } from './proposing.ts';

/** Kind and role of each node, by its text: `kind:role`, or the kind alone. */
async function kindsOf(ending: Ending, text: string): Promise<Map<string, string[]>> {
  const [context] = await openProgram([{ path: `a.${ending}`, text }]);
  const known = context!.file.nodes.flatMap(({ kind, role, text: own }) =>
    kind === null ? [] : [[own, role === null ? kind : `${kind}:${role}`] as const],
  );
  const found = new Map<string, string[]>();
  for (const [own, word] of known) found.set(own, [...(found.get(own) ?? []), word]);
  return found;
}

type Row = readonly [text: string, part: string, words: readonly string[]];

const PYTHON: readonly Row[] = [
  ['x = a + b\n', 'a + b', ['binary:value']],
  ['x = a < b\n', 'a < b', ['comparison:value']],
  ['x = a and b\n', 'a and b', ['logical:value']],
  ['x = not a\n', 'not a', ['not:value']],
  ['x = -a\n', '-a', ['unary:value']],
  ['x = a\n', 'x', ['identifier:target']],
  ['x += a\n', 'x', ['identifier:target']],
  ['x, y = a\n', 'y', ['identifier:target']],
  ['x[i] = a\n', 'x[i]', ['subscript:target']],
  ['for i in a:\n    b()\n', 'i', ['identifier:target']],
  ['for i, j in a:\n    b()\n', 'j', ['identifier:target']],
  ['x = [i for i, j in a]\n', 'j', ['identifier:target']],
  ['def f(a, *b, c=1, **d):\n    pass\n', 'f', ['identifier:target']],
  ['def f(a, *b, c=1, **d):\n    pass\n', 'b', ['identifier:target']],
  ['def f(a, *b, c=1, **d):\n    pass\n', 'c', ['identifier:target']],
  ['def f(a, *b, c=1, **d):\n    pass\n', 'd', ['identifier:target']],
  ['def f(a: int = k):\n    pass\n', 'k', ['identifier:value']],
  ['with a as b:\n    c()\n', 'b', ['identifier:target']],
  ['f(key=a)\n', 'key', ['identifier:target']],
  ['f(key=a)\n', 'a', ['identifier:value']],
  ['x = a.b\n', 'b', ['property']],
  ['x = a.b\n', 'a', ['identifier:value']],
  ['x = f"{a + 1}"\n', 'a + 1', ['binary:value']],
  ['x = f"{a}"\n', 'f"{a}"', ['template:value']],
  ['x = f"a"\n', 'f"a"', ['string:value']],
  ['"""d"""\n', '"""d"""', ['docstring']],
  ['x = a if b else c\n', 'a if b else c', ['ternary:value']],
  ['x = a[1:b]\n', '1:b', ['slice']],
  ['x = {**a, "b": 1}\n', '"b": 1', ['pair']],
  ['raise a\n', 'raise a', ['throw']],
  ['import a.b\n', 'import a.b', ['import']],
  ['from a import b\n', 'from a import b', ['import']],
  ['if a:\n    b()\nelif c:\n    d()\n', 'elif c:\n    d()', ['elif']],
  ['x: int = 1\n', 'int', ['type']],
  ['class A:\n    pass\n', 'A', ['identifier:target']],
];

const JAVASCRIPT: readonly Row[] = [
  ['x = a + b;\n', 'a + b', ['binary:value']],
  ['x = a === b;\n', 'a === b', ['comparison:value']],
  ['x = a instanceof b;\n', 'a instanceof b', ['comparison:value']],
  ['x = a ?? b;\n', 'a ?? b', ['logical:value']],
  ['x = !a;\n', '!a', ['not:value']],
  ['x = ~a;\n', '~a', ['unary:value']],
  ['i++;\n', 'i++', ['update:value']],
  ['x = a;\n', 'x', ['identifier:target']],
  ['x += a;\n', 'x', ['identifier:target']],
  ['let x = a;\n', 'x', ['identifier:target']],
  ['let { p, q: [r], ...s } = a;\n', 'p', ['identifier:target']],
  ['let { p, q: [r], ...s } = a;\n', 'r', ['identifier:target']],
  ['let { p, q: [r], ...s } = a;\n', 's', ['identifier:target']],
  ['function f(a, b = k, ...c) {}\n', 'b', ['identifier:target']],
  ['function f(a, b = k, ...c) {}\n', 'k', ['identifier:value']],
  ['function f(a, b = k, ...c) {}\n', 'c', ['identifier:target']],
  ['const f = a => b;\n', 'a', ['identifier:target']],
  ['for (const x of a) b();\n', 'x', ['identifier:target']],
  ['x = a.b;\n', 'b', ['property']],
  ['x = { a };\n', 'a', ['property']],
  ['x = a[b];\n', 'a[b]', ['subscript:value']],
  ['x = a ? b : c;\n', 'a ? b : c', ['ternary:value']],
  ['x = (a, b);\n', 'a, b', ['sequence:value']],
  ['x = /a+/;\n', '/a+/', ['string:value']],
  ["x = 'a';\n", "'a'", ['string:value']],
  ['x = new A(b);\n', 'new A(b)', ['new:value']],
  ['x = await a;\n', 'await a', ['await:value']],
  ['x = this;\n', 'this', ['identifier:value']],
  ['x = undefined;\n', 'undefined', ['null:value']],
  ["'use strict';\n", "'use strict';", ['docstring']],
  ['throw a;\n', 'throw a;', ['throw']],
  ['do a(); while (b);\n', 'do a(); while (b);', ['while']],
  ['for (const x in a) b();\n', 'for (const x in a) b();', ['for-each']],
  ["import a from 'b';\n", "import a from 'b';", ['import']],
  ['class A { m() {} }\n', 'm() {}', ['function']],
];

const TYPESCRIPT: readonly Row[] = [
  ['function f(a?: number, b = k) {}\n', 'a', ['identifier:target']],
  ['function f(a?: number, b = k) {}\n', 'k', ['identifier:value']],
  ['let x: number = a;\n', ': number', ['type']],
  ['interface A { b: string }\n', 'interface A { b: string }', ['type']],
  ['type A = B | C;\n', 'type A = B | C;', ['type']],
  ['f<number>(a);\n', '<number>', ['type']],
  ['const f = (a: string): number => b;\n', 'a', ['identifier:target']],
];

describe.each<readonly [Ending, readonly Row[]]>([
  ['py', PYTHON],
  ['js', JAVASCRIPT],
  ['ts', [...JAVASCRIPT, ...TYPESCRIPT]],
  ['tsx', [...JAVASCRIPT, ...TYPESCRIPT]],
])('in %s', (ending, rows) => {
  it.each(rows)('%j has in %j a %j', async (text, part, words) => {
    const found = (await kindsOf(ending, text)).get(part) ?? [];
    expect(found).toEqual(expect.arrayContaining([...words]));
  });
});

describe('what is opaque', () => {
  it.each<readonly [Ending, string]>([
    ['py', '# a + b\n"""c + d"""\nimport e\nx: List[f] = "g + h"\n'],
    ['ts', "// a + b\nimport e from 'e';\nconst x: List<f> = 'g + h';\ntype A = B<c>;\n"],
  ])('holds nothing to change in %s', async (ending, text) => {
    const [context] = await openProgram([{ path: `a.${ending}`, text }]);
    const values = context!.file.nodes.filter(({ role }) => role === 'value').map((node) => node.text);
    expect(values).toEqual([ending === 'py' ? '"g + h"' : "'g + h'"]);
  });
});

describe('the language of a file', () => {
  it.each([
    ['a.py', 'python'],
    ['a/b.c.js', 'javascript'],
    ['a.mjs', 'javascript'],
    ['a.cjs', 'javascript'],
    ['a.jsx', 'javascript'],
    ['a.ts', 'typescript'],
    ['a.mts', 'typescript'],
    ['a.cts', 'typescript'],
    ['a.tsx', 'tsx'],
    ['a.go', null],
    ['py', null],
    ['a.py/b', null],
    ['.js', 'javascript'],
    ['', null],
  ])('%j is %j by the end of its name', async (path, id) => {
    expect((await languageOf(path))?.id ?? null).toBe(id);
  });

  it('decides what is opened: other files, and those too large, are left out, the rest keep their order', async () => {
    const sources = ['b.js', 'a.go', 'a.py', 'huge.py'].map((path) => ({ path, text: 'x = 1\n' }));
    const huge = { path: 'huge.py', text: 'x = 1\n'.repeat(70_000) };
    const contexts = await openProgram([...sources.slice(0, 3), huge]);
    expect(contexts.map(({ file }) => file.path)).toEqual(['b.js', 'a.py']);
  });

  it('is parsed as far as it goes where it is broken', async () => {
    const [broken] = await openProgram([{ path: 'a.py', text: 'def f(:\n    return 1\n\ndef g():\n    return 2\n' }]);
    expect(broken!.file.broken).toBe(true);
    expect(broken!.file.nodes.map(({ text }) => text)).toContain('return 2');
  });
});
