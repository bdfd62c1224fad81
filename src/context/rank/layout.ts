import type { Kind } from '../collect/kinds.ts';
import type { Index } from '../index/open-index.ts';
import { PathIndex } from '../question/locations.ts';
import { type Corpus, corpusOf } from './lexical.ts';
import { PathWords } from './path-words.ts';
import { plainName } from './paths.ts';

/** What ranking needs of an index whatever is asked; all is numbered like the index's files. */
export interface Layout {
  readonly paths: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly kinds: readonly Kind[];
  readonly pathIndex: PathIndex;
  readonly words: PathWords;
  /** Without ending and separators. */
  readonly names: readonly string[];
  readonly corpus: Corpus;
}

/** An index that stays open between packs has its places for a key. */
const known = new WeakMap<Index['places'], Layout>();

/** The layout of an index, made once. */
export function layoutOf(index: Index): Layout {
  let layout = known.get(index.places);
  if (!layout) {
    const paths = index.files.map(({ path }) => path);
    layout = {
      paths,
      numbers: new Map(paths.map((path, file) => [path, file])),
      kinds: index.kinds,
      pathIndex: new PathIndex(paths),
      words: new PathWords(paths),
      names: paths.map(plainName),
      corpus: corpusOf(index),
    };
    known.set(index.places, layout);
  }
  return layout;
}
