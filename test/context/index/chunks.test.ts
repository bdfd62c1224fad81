import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/context/collect/kinds.ts';
import { chunksOf } from '../../../src/context/index/chunks.ts';

const body = (lines: number, indent = '    '): string =>
  Array.from({ length: lines }, (_, i) => `${indent}x${i} = ${i}`).join('\n');
const block = (lines: number): string => Array.from({ length: lines }, (_, i) => `    x${i} = ${i};`).join('\n');

const SOURCES: ReadonlyArray<readonly [Family, string, readonly string[]]> = [
  [
    'python',
    `import os\n\n@decorated\ndef first(a):\n${body(6)}\n\nclass Second(Base):\n    def third(self):\n${body(6, '        ')}\n    async def fourth(self):\n${body(6, '        ')}\n`,
    ['first', 'Second', 'third', 'fourth'],
  ],
  [
    'javascript',
    `function first(a) {\n${block(6)}\n}\nconst second = async (a) => {\n${block(6)}\n};\nclass Third {\n  fourth(a, b) {\n${block(6)}\n  }\n}\nexports.fifth = function () {\n${block(6)}\n};\n`,
    ['first', 'second', 'Third', 'fourth', 'fifth'],
  ],
  [
    'typescript',
    `export interface First {\n${block(6)}\n}\nexport async function second<T>(a: T): Promise<T> {\n${block(6)}\n}\nexport abstract class Third {\n  private fourth(a: number): string {\n${block(6)}\n  }\n}\n`,
    ['First', 'second', 'Third', 'fourth'],
  ],
  [
    'java',
    `public class First {\n  @Override\n  public List<String> second(int a) throws X {\n${block(6)}\n  }\n  protected static <T> void third(T t)\n  {\n${block(6)}\n  }\n}\n`,
    ['First', 'second', 'third'],
  ],
  [
    'go',
    `type First struct {\n${block(6)}\n}\n\nfunc (f *First) Second(a int) error {\n${block(6)}\n}\n\nfunc Third() {\n${block(6)}\n}\n`,
    ['First', 'Second', 'Third'],
  ],
  [
    'rust',
    `pub struct First {\n${block(6)}\n}\n\nimpl Trait for First {\n    pub(crate) fn second(&self) -> u8 {\n${block(6)}\n    }\n}\n`,
    ['First', 'second'],
  ],
  [
    'ruby',
    `class First\n  def second(a)\n${body(6)}\n  end\n\n  def self.third?\n${body(6)}\n  end\nend\n`,
    ['First', 'second', 'third?'],
  ],
  ['php', `<?php\nclass First {\n  public function second($a) {\n${block(6)}\n  }\n}\n`, ['First', 'second']],
  [
    'cpp',
    `class First {\n${block(6)}\n};\n\nint First::second(int a) {\n${block(6)}\n}\n\n#define THIRD(x) (x)\n${block(6)}\n`,
    ['First', 'First::second', 'THIRD'],
  ],
];

describe('cutting a file into pieces', () => {
  for (const [family, text, names] of SOURCES) {
    it(`finds what ${family} defines, with its line`, () => {
      const lines = text.split('\n');
      const defines = chunksOf(lines, family).flatMap((chunk) => chunk.defines);
      expect(defines.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
      for (const { name, line } of defines.filter((one) => names.includes(one.name)))
        expect(lines[line - 1]).toContain(name);
    });
  }

  it('begins a piece with the decorators and comments above its definition', () => {
    const lines = `${body(6, '')}\n\n# why\n@decorated\ndef second():\n${body(6)}\n`.split('\n');
    const chunk = chunksOf(lines, 'python').find(({ defines }) => defines.some(({ name }) => name === 'second'))!;
    expect(lines[chunk.start - 1]).toBe('# why');
  });

  it('joins definitions of a line or two', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `def f${i}(): pass`);
    const chunks = chunksOf(lines, 'python');
    expect(chunks.length).toBeLessThanOrEqual(4);
    expect(chunks.flatMap(({ defines }) => defines)).toHaveLength(20);
  });

  it('cuts what is long where indentation is least', () => {
    const lines = [
      'def long():',
      ...Array.from({ length: 200 }, (_, i) => (i % 25 === 0 ? '    if a:' : '        b()')),
    ];
    const chunks = chunksOf(lines, 'python');
    expect(Math.max(...chunks.map(({ start, end }) => end - start + 1))).toBeLessThanOrEqual(60);
    for (const { start } of chunks.slice(1)) expect(lines[start - 1]).toBe('    if a:');
  });

  it('covers every line once, whatever the text and the language', () => {
    const families: Family[] = ['python', 'typescript', 'java', 'go', 'cpp', 'prose', 'text'];
    const line = fc.oneof(
      fc.constantFrom('def f():', 'class A {', '', '}', '  function x() {', '# a', '    return 1', '@x'),
      fc.string({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 300 }), fc.constantFrom(...families), (texts, family) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' '));
        const chunks = chunksOf(lines, family);
        expect(chunks[0]!.start).toBe(1);
        expect(chunks.at(-1)!.end).toBe(lines.length);
        chunks.slice(1).forEach(({ start }, i) => {
          expect(start).toBe(chunks[i]!.end + 1);
        });
      }),
    );
  });

  it('is done with lines that are far too long', () => {
    for (const piece of ['a(', 'public static ', 'const a = (', '<', 'function ', '((((', 'x ']) {
      for (const family of ['typescript', 'java', 'cpp', 'python'] as const) {
        expect(
          chunksOf(
            Array.from({ length: 50 }, () => piece.repeat(390 / piece.length)),
            family,
          ).length,
        ).toBeGreaterThan(0);
        expect(chunksOf([piece.repeat(100_000)], family)).toHaveLength(1);
      }
    }
  });
});
