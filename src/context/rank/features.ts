import type { Kind } from '../collect/kinds.ts';
import { isForeign, type PathIndex, tracesOf } from '../question/locations.ts';
import type { QueryTerm, Question } from '../question/question.ts';
import { hashTerm } from '../question/terms.ts';
import { resolveModule } from './imports.ts';
import type { Layout } from './layout.ts';
import { type Corpus, type Scores, score } from './lexical.ts';
import { namedInText, pathScores } from './paths.ts';
import { type SymbolScores, symbolScores } from './symbols.ts';

/** What each file and chunk has to say for itself, before weights; every array is numbered like the index's files. */
export interface Features {
  readonly kinds: readonly Kind[];
  readonly words: Scores;
  readonly symbols: SymbolScores;
  /** BM25 of the question's words over the parts of defined names. */
  readonly names: Scores;
  readonly files: Readonly<Record<string, Float64Array>>;
}

/** The signals that need nothing but the index and the paths. */
export function featuresOf(layout: Layout, question: Question): Features {
  const { corpus, paths, kinds } = layout;
  const isSource = (file: number): boolean => kinds[file] === 'source';
  const words = score(corpus, question.terms);
  const names = score(corpus, nameTerms(question));
  const symbols = symbolScores(corpus, question, isSource);
  return {
    kinds,
    words,
    symbols,
    names,
    files: {
      body: normal(words.file, isSource),
      chunks: normal(bestChunks(corpus, words.chunk), isSource),
      path: normal(pathScores(paths, question, layout.words), isSource),
      name: namedInText(paths, kinds, question, layout.names),
      symbol: normal(symbols.file, isSource),
      names: normal(bestChunks(corpus, names.chunk), isSource),
      mention: mentionScores(paths, question, layout.pathIndex),
    },
  };
}

/** The question's single words as parts of defined names. */
function nameTerms({ terms }: Question): QueryTerm[] {
  return terms
    .filter(({ term }) => !term.startsWith('='))
    .map(({ term, weight }) => ({ term, weight, hash: hashTerm(`s:${term}`) }));
}

/** Divides by the best among the sources, so that questions compare. */
export function normal(scores: Float64Array, isSource: (file: number) => boolean): Float64Array {
  let best = 0;
  scores.forEach((value, file) => {
    if (value > best && isSource(file)) best = value;
  });
  return best > 0 ? scores.map((value) => Math.min(value / best, 1.5)) : scores;
}

/** The three best chunks of each file: 1, ½, ¼. */
function bestChunks(corpus: Corpus, chunkScores: Float64Array): Float64Array {
  const files = corpus.index.files.length;
  const best = new Float64Array(files * 3);
  for (let chunk = 0; chunk < chunkScores.length; chunk++) {
    const value = chunkScores[chunk]!;
    const file = corpus.chunkFile[chunk]!;
    if (value <= 0 || file < 0) continue;
    const at = file * 3;
    if (value > best[at]!) {
      best[at + 2] = best[at + 1]!;
      best[at + 1] = best[at]!;
      best[at] = value;
    } else if (value > best[at + 1]!) {
      best[at + 2] = best[at + 1]!;
      best[at + 1] = value;
    } else if (value > best[at + 2]!) best[at + 2] = value;
  }
  const sums = new Float64Array(files);
  for (let file = 0; file < files; file++)
    sums[file] = best[file * 3]! + best[file * 3 + 1]! / 2 + best[file * 3 + 2]! / 4;
  return sums;
}

/** Files the text names: frames of its traces, nearer ones more; paths; modules written with dots. */
function mentionScores(paths: readonly string[], question: Question, index: PathIndex): Float64Array {
  const scores = new Float64Array(paths.length);
  const add = (files: readonly number[], value: number): void => {
    for (const file of files) scores[file] = Math.max(scores[file]!, value / files.length);
  };
  for (const trace of tracesOf(question.mentions, (mention) => !isForeign(mention)))
    trace.forEach(({ path }, i) => void add(index.resolve(path), 1 / Math.sqrt(i + 1)));
  for (const { path, frame } of question.mentions) if (!frame) add(index.resolve(path), 0.8);
  for (const parts of question.modules) add(resolveModule(parts, paths, index), 0.6);
  return scores;
}
