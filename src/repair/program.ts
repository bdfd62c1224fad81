import { loadDefinitions } from '../platform/load-definitions.ts';
import { languageOf, parserFor } from './grammar.ts';
import { readIngredients } from './ingredients.ts';
import type { Context, Operator } from './operator.ts';
import { readNames } from './scope.ts';
import { sortOf } from './sort.ts';
import { openSource } from './source.ts';

/** Larger files are left alone: parsing and proposing would take longer than trying. */
export const MAX_FILE_LENGTH = 400_000;

/** Parses the files in a language we know, in the order given. */
export async function openProgram(
  sources: ReadonlyArray<{ readonly path: string; readonly text: string }>,
): Promise<Context[]> {
  const contexts: Context[] = [];
  for (const { path, text } of sources) {
    const language = text.length <= MAX_FILE_LENGTH ? await languageOf(path) : null;
    if (!language) continue;
    const file = openSource(path, text, language, await parserFor(language));
    const names = readNames(file);
    contexts.push({
      file,
      names,
      vocabulary: language.vocabulary,
      ingredients: readIngredients(file),
      sort: (node) => sortOf(node, (name) => names.sortOfName(name, node), language),
    });
  }
  return contexts;
}

let operators: Promise<readonly Operator[]> | null = null;

/** Every operator of the folder, by file name. */
export function knownOperators(): Promise<readonly Operator[]> {
  operators ??= loadDefinitions<Operator>(new URL('./operators/', import.meta.url), 'operator');
  return operators;
}
