import type { Kind } from '../collect/kinds.ts';
import type { PathIndex } from '../question/locations.ts';
import { hashTerm } from '../question/terms.ts';
import { importedBy } from './imports.ts';
import { type Corpus, eachPosting } from './lexical.ts';
import { plainName } from './paths.ts';

/** A likely file and how likely, most likely first. */
export type Seed = readonly [file: number, belief: number];

const MOST_IMPORTERS = 30;
const IMPORTED_SHARE = 1;
const IMPORTER_SHARE = 0.6;

/**
 * One step of a personalised walk over the import graph from the likely files: belief flows to what they import and,
 * less, to what imports a name like theirs; shared among many neighbours it is worth less.
 */
export function graphScores(
  root: string,
  paths: readonly string[],
  kinds: readonly Kind[],
  corpus: Corpus,
  index: PathIndex,
  seeds: readonly Seed[],
): Float64Array {
  const scores = new Float64Array(paths.length);
  for (const [seed, belief] of seeds) {
    const imported = importedBy(root, paths, index, seed).filter((file) => file !== seed && kinds[file] === 'source');
    for (const file of imported) scores[file]! += (IMPORTED_SHARE * belief) / Math.sqrt(imported.length);
    const importers = importersOf(paths[seed]!, corpus).filter((file) => file !== seed && kinds[file] === 'source');
    if (importers.length <= MOST_IMPORTERS)
      for (const file of importers) scores[file]! += (IMPORTER_SHARE * belief) / Math.sqrt(importers.length);
  }
  return scores;
}

/** Files that import something of this file's name. */
function importersOf(path: string, corpus: Corpus): number[] {
  const found = new Set<number>();
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
  const term = /^(index|__init__|mod)$/.test(name) ? plainName(path) : name;
  eachPosting(corpus, hashTerm(`i:${term}`), (_, __, owner) => found.add(owner));
  return [...found];
}
