import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';

export type { Language, Node as SyntaxNode, Parser, Tree } from '@vscode/tree-sitter-wasm';

/** The grammars that ship with the package. C is parsed with `cpp`. */
export type GrammarName =
  | 'bash'
  | 'c-sharp'
  | 'cpp'
  | 'css'
  | 'go'
  | 'ini'
  | 'java'
  | 'javascript'
  | 'php'
  | 'powershell'
  | 'python'
  | 'regex'
  | 'ruby'
  | 'rust'
  | 'tsx'
  | 'typescript';

const require = createRequire(import.meta.url);
let started: Promise<typeof TreeSitter> | undefined;
const grammars = new Map<GrammarName, Promise<TreeSitter.Language>>();

/** Loads one grammar, once a process: the WebAssembly runtime takes about 20 ms, a grammar 1 to 25 ms. */
export function loadGrammar(name: GrammarName): Promise<TreeSitter.Language> {
  let grammar = grammars.get(name);
  if (!grammar) {
    grammar = runtime().then(({ Language }) => Language.load(wasm(name)));
    grammars.set(name, grammar);
  }
  return grammar;
}

/** A parser of its own for the caller, who calls `delete()` on it and on every tree: their memory is not collected. */
export async function createParser(name: GrammarName): Promise<TreeSitter.Parser> {
  const language = await loadGrammar(name);
  const { Parser } = await runtime();
  return new Parser().setLanguage(language);
}

function runtime(): Promise<typeof TreeSitter> {
  started ??= start();
  return started;
}

async function start(): Promise<typeof TreeSitter> {
  const module = require('@vscode/tree-sitter-wasm') as typeof TreeSitter;
  await module.Parser.init();
  return module;
}

function wasm(name: GrammarName): string {
  return join(dirname(require.resolve('@vscode/tree-sitter-wasm')), `tree-sitter-${name}.wasm`);
}
