import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/context/collect/kinds.ts';
import { surroundingsOf } from '../../../src/context/fit/scopes.ts';

/** What each line of a text stands in. */
async function around(text: string, family: Family): Promise<string[]> {
  const lines = text.split('\n');
  const surroundings = await surroundingsOf(lines, family);
  try {
    return lines.map((_, i) => surroundings.namesAround(i + 1).join(' > '));
  } finally {
    surroundings.close();
  }
}

const SOURCES: ReadonlyArray<readonly [family: Family, text: string, line: number, names: string]> = [
  ['python', 'class A:\n    def b(self):\n        return 1\n', 3, 'A > b'],
  ['javascript', 'class A {\n  b() {\n    return 1;\n  }\n}\n', 3, 'A > b'],
  ['javascript', 'const c = () => {\n  d();\n};\n', 2, 'c'],
  ['javascript', 'module.exports = {\n  meta: function () {\n    return 1;\n  },\n};\n', 3, 'meta'],
  ['typescript', 'interface A {\n  b: 1;\n}\nfunction c(): void {\n  d();\n}\n', 5, 'c'],
  [
    'typescript',
    'namespace N {\n  export class A<T> {\n    private b(): T {\n      return this.c;\n    }\n  }\n}\n',
    4,
    'N > A > b',
  ],
  ['tsx', 'function View() {\n  return (\n    <p>a</p>\n  );\n}\n', 3, 'View'],
  ['java', 'class A {\n  int b() {\n    return 1;\n  }\n}\n', 3, 'A > b'],
  ['java', 'interface A {\n  enum B {\n    C,\n    D\n  }\n}\n', 4, 'A > B'],
  ['csharp', 'class A {\n  int B() {\n    return 1;\n  }\n}\n', 3, 'A > B'],
  ['go', 'package a\n\nfunc B() int {\n\treturn 1\n}\n', 4, 'B'],
  ['rust', 'mod m {\n  fn c() {\n    d();\n  }\n}\n', 3, 'm > c'],
  ['ruby', 'class A\n  def b\n    1\n  end\nend\n', 3, 'A > b'],
  ['php', '<?php\nclass A {\n  function b() {\n    return 1;\n  }\n}\n', 4, 'A > b'],
  ['cpp', 'namespace n {\nint f(int a) {\n  return a;\n}\n}\n', 3, 'n > f'],
  ['bash', 'f() {\n  echo a\n}\n', 2, 'f'],
  ['kotlin', 'class A {\n    fun b() {\n        c()\n    }\n}\n', 3, 'A > b'],
];

describe('what a line stands in', () => {
  for (const [family, text, line, names] of SOURCES) {
    it(`is told outermost first in ${family}: ${names}`, async () => {
      expect((await around(text, family))[line - 1]).toBe(names);
    });
  }

  it('does not count what begins on the line itself, nor what ended before', async () => {
    expect(await around('class A:\n    def b(self):\n        return 1\nx = 1', 'python')).toEqual([
      '',
      'A',
      'A > b',
      '',
    ]);
  });

  it('is told by indentation where there is no grammar, and where a file is too large to parse', async () => {
    const large = `class A:\n    def b(self):\n        return 1\n${'x = 1\n'.repeat(70_000)}`;
    expect((await around(large, 'python')).slice(0, 4)).toEqual(['', 'A', 'A > b', '']);
    expect(await around('object A {\n  def b = {\n    1\n  }\n}', 'scala')).toHaveLength(5);
  });

  it('is told as far as it goes in broken, deep and empty files', async () => {
    for (const text of [
      '',
      'def (:\n',
      `${'['.repeat(20_000)}\n`,
      `${'{\n'.repeat(3_000)}`,
      `class A:\n${'    '.repeat(5)}x(\n`,
    ]) {
      expect((await around(text, 'python')).every((names) => typeof names === 'string')).toBe(true);
      expect((await around(text, 'javascript')).every((names) => typeof names === 'string')).toBe(true);
    }
  });

  it('is nothing for lines that are not there', async () => {
    const surroundings = await surroundingsOf(['class A:', '    b = 1'], 'python');
    expect([surroundings.namesAround(99), surroundings.namesAround(1)]).toEqual([[], []]);
    surroundings.close();
  });
});
