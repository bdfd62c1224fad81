import { describe, expect, it } from 'vitest';
import { applied } from '../../src/repair/candidate.ts';
import type { Context } from '../../src/repair/operator.ts';
import { fitted, operand, standsAlone, transplanted } from '../../src/repair/operator.ts';
import { after, before, reindented, without } from '../../src/repair/placing.ts';
import { openProgram } from '../../src/repair/program.ts';
import {
  bodyOf,
  functionOf,
  indentAt,
  isDefinition,
  isStatement,
  startsLine,
  statementOf,
} from '../../src/repair/source.ts';
import type { SyntaxNode } from '../../src/repair/syntax.ts';
import { enclosing, operands } from '../../src/repair/syntax.ts';
import type { Ending } from './proposing.ts';

async function opened(ending: Ending, text: string): Promise<Context> {
  const [context] = await openProgram([{ path: `a.${ending}`, text }]);
  return context!;
}

/** The outermost node with that text, blocks passed over. */
const at = ({ file }: Context, text: string): SyntaxNode => {
  const found = file.nodes.find((node) => node.text === text && node.kind !== null && node.kind !== 'block');
  if (!found) throw new Error(`there is no ${text}`);
  return found;
};

describe('one step of indentation', () => {
  it.each([
    ['if a:\n  b()\n', '  '],
    ['if a:\n\tb()\n', '\t'],
    ['if a:\n    b()\n    if c:\n            d()\n', '    '],
    ['if a:\n        b()\nif c:\n   d()\n', '   '],
    ['a()\n', '    '],
    ['\n\n', '    '],
    ['def f():\n    """\n     odd\n    """\n    a()\n', '    '],
  ])('of %j is %j', async (text, unit) => {
    expect((await opened('py', text)).file.unit).toBe(unit);
  });

  it('goes with the ends of lines that the file has', async () => {
    expect((await opened('py', 'a\r\nb\r\n')).file.eol).toBe('\r\n');
    expect((await opened('py', 'a\nb\n')).file.eol).toBe('\n');
  });
});

describe('a statement', () => {
  const PY = 'import a\n"""d"""\nclass B:\n    x = 1\n    def f(self):\n        # c\n        return 1\n';
  const JS =
    "import a from 'a';\nclass B { m() { return 1; } }\nconst f = () => { g(); };\nswitch (h) { case 2: i(); }\nexports.j = 3;\n";

  it('stands in a list of statements: no comment, documentation or part of another', async () => {
    const py = await opened('py', PY);
    expect(['import a', 'return 1', 'x = 1'].map((text) => isStatement(at(py, text)))).toEqual([true, true, true]);
    expect(['"""d"""', '# c', '1'].map((text) => isStatement(at(py, text)))).toEqual([false, false, false]);
    const js = await opened('js', JS);
    expect(['return 1;', 'g();', 'i();'].map((text) => isStatement(at(js, text)))).toEqual([true, true, true]);
    expect(['m() { return 1; }', '2'].map((text) => isStatement(at(js, text)))).toEqual([false, false]);
  });

  it('defines something where others use it by name', async () => {
    const js = await opened('js', JS);
    const definitions = [
      "import a from 'a';",
      'class B { m() { return 1; } }',
      'const f = () => { g(); };',
      'exports.j = 3;',
    ];
    expect(definitions.map((text) => isDefinition(at(js, text)))).toEqual([true, true, true, true]);
    expect(isDefinition(at(js, 'g();'))).toBe(false);
  });

  it('is found from any part of it, as are the function around and its body', async () => {
    const js = await opened('js', 'function f(a) {\n  g(a, (b) => b + 1, (c) => { h(c); });\n  return 7;\n}\n');
    expect(statementOf(at(js, 'b + 1'))!.text).toContain('g(a');
    expect(functionOf(at(js, 'b + 1')).text.slice(0, 10)).toBe('function f');
    expect(functionOf(at(js, 'h(c)')).text).toBe('(c) => { h(c); }');
    expect(bodyOf(js.file.nodes.find(({ kind }) => kind === 'function')!).map(({ kind }) => kind)).toEqual([
      'expression-statement',
      'return',
    ]);
    expect(functionOf(js.file.root)).toBe(js.file.root);
  });

  it('starts its line or does not', async () => {
    const { file, ...rest } = await opened('js', '  a(); b();\n');
    const context = { file, ...rest };
    expect([startsLine(file, at(context, 'a();')), startsLine(file, at(context, 'b();'))]).toEqual([true, false]);
    expect(indentAt(file, at(context, 'b();').start)).toBe('  ');
  });
});

describe('placing', () => {
  const place = async (ending: Ending, text: string, anchor: string) => {
    const context = await opened(ending, text);
    const node = at(context, anchor);
    return {
      before: applied(text, [before(context.file, node, 'NEW')]),
      after: applied(text, [after(context.file, node, 'NEW')]),
      without: applied(text, [without(context.file, node)]),
    };
  };

  it.each<readonly [Ending, string, string, Record<string, string>]>([
    [
      'py',
      'if a:\n    b()\n    c()\n',
      'b()',
      {
        before: 'if a:\n    NEW\n    b()\n    c()\n',
        after: 'if a:\n    b()\n    NEW\n    c()\n',
        without: 'if a:\n    c()\n',
      },
    ],
    ['py', 'if a: b()\n', 'b()', { before: 'if a: NEW; b()\n', after: 'if a: b(); NEW\n', without: 'if a: pass\n' }],
    ['py', 'b()\nc()\n', 'b()', { before: 'NEW\nb()\nc()\n', after: 'b()\nNEW\nc()\n', without: 'c()\n' }],
    [
      'py',
      'b()\r\nc()\r\n',
      'c()',
      { before: 'b()\r\nNEW\r\nc()\r\n', after: 'b()\r\nc()\r\nNEW\r\n', without: 'b()\r\n' },
    ],
    [
      'js',
      '{ b(); c(); }\n',
      'b();',
      { before: '{ NEW b(); c(); }\n', after: '{ b(); NEW c(); }\n', without: '{  c(); }\n' },
    ],
    [
      'js',
      '{\n  b()\n  c()\n}\n',
      'b()',
      { before: '{\n  NEW\n  b()\n  c()\n}\n', after: '{\n  b();\n  NEW\n  c()\n}\n', without: '{\n  c()\n}\n' },
    ],
    [
      'js',
      'b(); // why\n',
      'b();',
      { before: 'NEW\nb(); // why\n', after: 'b();\nNEW // why\n', without: ' // why\n' },
    ],
  ])('in %s, of %j at %j', async (ending, text, anchor, wanted) => {
    expect(await place(ending, text, anchor)).toEqual(wanted);
  });

  it('indents all lines of a statement but those that stand further out', async () => {
    const text = 'if a:\n    b(\n        1,\n    )\n';
    const context = await opened('py', text);
    const call = context.file.nodes.find((node) => isStatement(node) && node.text.startsWith('b('))!;
    expect(reindented(context.file, call, '  ')).toBe('b(\n      1,\n  )');
  });
});

describe('an expression in the place of another', () => {
  it.each([
    ['f(a);', 'a', true],
    ['x = a;', 'a', true],
    ['x += a;', 'a', true],
    ['return_; const g = () => a;', 'a', true],
    ['x = y[a];', 'a', true],
    ['x = [a];', 'a', true],
    ['if (a) b();', '(a)', true],
    ['x = a + b;', 'a', false],
    ['x = a.b;', 'a', false],
    ['x = a[b];', 'a', false],
    ['x = !a;', 'a', false],
  ])('stands alone or not: %s %s', async (text, part, alone) => {
    const context = await opened('js', `${text}\n`);
    const node = at(context, part);
    expect(standsAlone(node)).toBe(alone);
    expect(fitted('p, q', node)).toBe(alone ? 'p, q' : '(p, q)');
  });

  it('is put in parentheses as an operand where it would come apart', async () => {
    const context = await opened('js', 'x = [a + b, c(d), e ? f : g, !h, i.j, await k, (l), (m) => n];\n');
    const texts = ['a + b', 'c(d)', 'e ? f : g', '!h', 'i.j', 'await k', '(l)', '(m) => n'].map((text) =>
      operand(at(context, text)),
    );
    expect(texts).toEqual(['(a + b)', 'c(d)', '(e ? f : g)', '(!h)', 'i.j', '(await k)', '(l)', '((m) => n)']);
    expect(transplanted(at(context, 'a + b'), at(context, 'c(d)'))).toBe('a + b');
    expect(transplanted(at(context, 'a + b'), at(context, 'd'))).toBe('a + b');
    expect(transplanted(at(context, 'a + b'), at(context, 'i'))).toBe('(a + b)');
  });

  it('is parted at the first operator, comments between its parts passed over', async () => {
    const context = await opened('js', 'x = a /* why */ + /* so */ b;\n');
    const parts = operands(enclosing(at(context, 'b'), 'binary')!)!;
    expect([parts.operator.text, parts.right.text]).toEqual(['+', 'b']);
    expect(operands(at(context, 'b'))).toBeNull();
  });
});
