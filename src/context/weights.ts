import type { StageId } from '../domain/stage.ts';
import type { Kind } from './collect/kinds.ts';

/**
 * Every weight of the ranking, in one place. A file's score is the sum of its signals (each 0 to about 1) times these,
 * plus what its kind takes away; belief is the softmax of the scores.
 *
 * Where they come from: a listwise logistic fit over the development cases (Python and JavaScript; `npm run bench:pack`
 * prints what each is worth), rounded by hand and drawn together where the two languages differed. Those of pieces are
 * the mean of that fit and of one over fixes in eight more languages, judged with the repositories in six groups, each by
 * weights fitted on the others: docs/decisions/0014.
 */
export const FILE_WEIGHTS = {
  /** BM25 of the whole file. */
  body: 1.8,
  /** BM25 of its best three pieces: the strongest signal of all. */
  chunks: 3.6,
  /** Words of the path. */
  path: 1.7,
  /** Its name stands in the text. */
  name: 1.7,
  /** It defines what the text names. */
  symbol: 0.6,
  /** Words of the text are parts of names it defines. */
  names: 1,
  /** The text gives its path. */
  mention: 1,
  /** Commits with such messages changed it. */
  history: 1.3,
  /** Its likely neighbours import it, or it imports them. */
  graph: 1.1,
  /** It stands in a stack trace. */
  frame: 0.7,
  /** A failing test is named after it or imports it. */
  tested: 4,
  /** Changed and not yet committed: by stage. */
  changed: 0,
  /** Coverage of failing tests points to it. */
  suspect: 3,
} as const;
export type Signal = keyof typeof FILE_WEIGHTS;

/** What the kind of a file takes away; `tests` and `docs` nothing when the question is about them. */
export const KIND_WEIGHTS: Readonly<Record<Kind, number>> = {
  source: 0,
  test: -6.5,
  docs: -6.5,
  example: -3,
  config: -2.5,
  generated: -5,
  data: -4,
};

/**
 * What a piece is worth: belief in its file, times its share of that (the softmax over the file's pieces of these
 * signals), over its tokens to the power of `length`. From a listwise logistic fit of the pieces that fixes changed.
 */
export const PIECE_WEIGHTS = {
  /** BM25 against the best piece of the same file. */
  within: 1.35,
  /** BM25 against the best piece of any source. */
  corpus: 1.4,
  /** The better of the two pieces beside it. */
  neighbour: 0.85,
  /** It defines names of the text. */
  symbol: 0.5,
  /** Words of the text are parts of names it defines, or stands in. */
  name: 1.2,
  /** Identifiers of the text stand in it exactly so. */
  identifier: 0.45,
  /** Words that stand side by side in the text stand side by side in it. */
  pair: 0.7,
  /** A trace, a mention or a suspect points into it. */
  point: 1.1,
  /** Logarithm of its lines that decide or assign something. */
  steps: 0.2,
  /** Logarithm of its length. */
  size: 0.5,
  /** The power of the tokens that it is divided by. */
  length: 0.85,
} as const;
export type PieceWeights = Readonly<Record<keyof typeof PIECE_WEIGHTS, number>>;

/** What the best piece of a file is worth beyond its share, as a share: one place in a likely file is worth more than a fifth in another. */
export const FIRST_PIECE = 0.2;

/** How the stages differ: see DESIGN § 7. `sharpness` divides the softmax (less is narrower). */
export interface StageWeights {
  readonly sharpness: number;
  /** Share of the budget for outlines of further files. */
  readonly skeleton: number;
  /** Share for distilled errors, at most. */
  readonly errors: number;
  readonly frame: number;
  readonly changed: number;
  readonly changedChunk: number;
  /** Whether what calls the changed definitions is looked for. */
  readonly callers: boolean;
}

const USUAL: StageWeights = {
  sharpness: 1.3,
  skeleton: 0.05,
  errors: 0.08,
  frame: 1,
  changed: 0,
  changedChunk: 0,
  callers: false,
};

export const STAGE_WEIGHTS: Readonly<Record<StageId, StageWeights>> = {
  analyze: { ...USUAL, sharpness: 2, skeleton: 0.12 },
  hypothesize: USUAL,
  implement: { ...USUAL, skeleton: 0.04 },
  debug: { ...USUAL, sharpness: 0.9, skeleton: 0.03, errors: 0.15, frame: 1.5, changed: 2, changedChunk: 0.8 },
  improve: { ...USUAL, skeleton: 0.08, changed: 5, changedChunk: 1.5, callers: true },
};
export const NO_STAGE = USUAL;
