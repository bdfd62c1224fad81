import { describe, expect, it } from 'vitest';
import { createParser, type GrammarName, loadGrammar } from '../../src/platform/tree-sitter.ts';

const SAMPLES: Record<GrammarName, string> = {
  bash: 'f() { echo hi; }\n',
  'c-sharp': 'class A { int F() { return 1; } }\n',
  cpp: 'int f(int x) { return x; }\n',
  css: 'a { color: red; }\n',
  go: 'package a\nfunc F() int { return 1 }\n',
  ini: '[a]\nb = 1\n',
  java: 'class A { int f() { return 1; } }\n',
  javascript: 'function f(x) { return x; }\n',
  php: '<?php function f($x) { return $x; }\n',
  powershell: 'function F { return 1 }\n',
  python: 'def f(x):\n    return x\n',
  regex: '[a-z]+(b|c)?',
  ruby: 'def f(x)\n  x\nend\n',
  rust: 'fn f() -> i32 { 1 }\n',
  tsx: 'const a = <b>hi</b>;\n',
  typescript: 'function f(x: number): number { return x; }\n',
};

describe('the syntax parsers', () => {
  for (const [name, source] of Object.entries(SAMPLES) as [GrammarName, string][]) {
    it(`parse ${name} without an error and to the last character`, async () => {
      const parser = await createParser(name);
      const tree = parser.parse(source)!;
      expect(tree.rootNode.hasError).toBe(false);
      expect(tree.rootNode.endIndex).toBe(source.length);
      tree.delete();
      parser.delete();
    });
  }

  it('load a grammar once a process', async () => {
    expect(await loadGrammar('python')).toBe(await loadGrammar('python'));
  });

  it('survive broken source and say so', async () => {
    const parser = await createParser('python');
    const tree = parser.parse('def (:\n   x = = 1\n')!;
    expect(tree.rootNode.hasError).toBe(true);
    tree.delete();
    parser.delete();
  });
});
