import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Parser } from '@vscode/tree-sitter-wasm';
import { loadDefinitions } from '../platform/load-definitions.ts';
import type { Language } from './language.ts';

const require = createRequire(import.meta.url);

let ready: Promise<typeof import('@vscode/tree-sitter-wasm')> | null = null;

/** The WebAssembly runtime, started once in a process. */
async function runtime(): Promise<typeof import('@vscode/tree-sitter-wasm')> {
  ready ??= (async () => {
    const module = require('@vscode/tree-sitter-wasm') as typeof import('@vscode/tree-sitter-wasm');
    await module.Parser.init();
    return module;
  })();
  return ready;
}

const parsers = new Map<string, Promise<Parser>>();

/** The parser of a language, loaded from the installed grammars once in a process. */
export function parserFor(language: Language): Promise<Parser> {
  const known = parsers.get(language.grammar);
  if (known) return known;
  const loading = (async () => {
    const { Language: Grammar, Parser } = await runtime();
    const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
    const parser = new Parser();
    parser.setLanguage(await Grammar.load(new Uint8Array(await readFile(join(folder, language.grammar)))));
    return parser;
  })();
  parsers.set(language.grammar, loading);
  return loading;
}

let languages: Promise<readonly Language[]> | null = null;

/** Every language of the folder, by file name. */
export function knownLanguages(): Promise<readonly Language[]> {
  languages ??= loadDefinitions<Language>(new URL('./languages/', import.meta.url), 'language');
  return languages;
}

/** The language of a file by the end of its name, or `null`. */
export async function languageOf(path: string): Promise<Language | null> {
  const end = /\.[^./]+$/.exec(path)?.[0] ?? '';
  return (await knownLanguages()).find((language) => language.extensions.includes(end)) ?? null;
}
