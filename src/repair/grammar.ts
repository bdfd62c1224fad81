import { loadDefinitions } from '../platform/load-definitions.ts';
import { createParser, type Parser } from '../platform/tree-sitter.ts';
import type { Language } from './language.ts';

const parsers = new Map<string, Promise<Parser>>();

/** The parser of a language: one in a process, never given back. */
export function parserFor(language: Language): Promise<Parser> {
  let parser = parsers.get(language.id);
  if (!parser) {
    parser = createParser(language.grammar);
    parsers.set(language.id, parser);
  }
  return parser;
}

let languages: Promise<readonly Language[]> | null = null;

/** Every language of the folder, by file name. */
function knownLanguages(): Promise<readonly Language[]> {
  languages ??= loadDefinitions<Language>(new URL('./languages/', import.meta.url), 'language');
  return languages;
}

/** The language of a file by the end of its name, or `null`. */
export async function languageOf(path: string): Promise<Language | null> {
  const end = /\.[^./]+$/.exec(path)?.[0] ?? '';
  return (await knownLanguages()).find((language) => language.extensions.includes(end)) ?? null;
}
