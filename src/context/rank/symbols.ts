import type { Question } from '../question/question.ts';
import { hashTerm, partsOf } from '../question/terms.ts';
import { type Corpus, eachPosting, rarity } from './lexical.ts';

const MOST_IDENTIFIERS = 120;
const COMMONLY_DEFINED = 40;

/** Definitions that the question names: by chunk and by file, rare names more. */
export interface SymbolScores {
  readonly chunk: Float64Array;
  readonly file: Float64Array;
}

/** Scores the places where an identifier of the question is defined; a name defined in very many places says nothing. */
export function symbolScores(corpus: Corpus, question: Question, isSource: (file: number) => boolean): SymbolScores {
  const chunk = new Float64Array(corpus.chunks);
  const file = new Float64Array(corpus.index.files.length);
  const names = [...question.identifiers].sort((a, b) => b[1] - a[1]).slice(0, MOST_IDENTIFIERS);
  for (const [name, weight] of names) {
    const hits: [chunk: number, file: number][] = [];
    eachPosting(corpus, hashTerm(`d:${name.toLowerCase()}`), (at, _, owner) => {
      if (isSource(owner)) hits.push([at, owner]);
    });
    if (hits.length === 0 || hits.length > COMMONLY_DEFINED) continue;
    const shape = partsOf(name).length > 1 || /^[A-Z]/.test(name) ? 1 : 0.5;
    // Places may be more than files where a name is defined twice in one.
    const rare = rarity(corpus.liveFiles, Math.min(hits.length, corpus.liveFiles));
    const value = (Math.min(weight, 3) * shape * rare) / Math.sqrt(hits.length);
    const seen = new Set<number>();
    for (const [at, owner] of hits) {
      chunk[at]! += value;
      if (!seen.has(owner)) file[owner]! += value;
      seen.add(owner);
    }
  }
  return { chunk, file };
}
