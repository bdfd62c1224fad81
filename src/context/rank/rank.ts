import type { ChangedLines } from '../collect/changes.ts';
import type { Kind } from '../collect/kinds.ts';
import type { Index } from '../index/open-index.ts';
import type { Distilled } from '../question/errors.ts';
import type { PathIndex } from '../question/locations.ts';
import type { Question } from '../question/question.ts';
import type { PackRequest } from '../request.ts';
import { FILE_WEIGHTS, KIND_WEIGHTS, type Signal, type StageWeights } from '../weights.ts';
import { failureScores } from './failure.ts';
import { featuresOf, normal } from './features.ts';
import { graphScores, type Seed } from './graph.ts';
import { type History, historyScores } from './history.ts';
import { layoutOf } from './layout.ts';
import type { Corpus } from './lexical.ts';

/** Files in order of belief, with the signals behind each, and what is known of their chunks. */
export interface Ranking {
  readonly question: Question;
  readonly files: readonly RankedFile[];
  readonly corpus: Corpus;
  readonly kinds: readonly Kind[];
  /** BM25 of each chunk over the best of any source chunk; the same for defined names. */
  readonly chunkWords: Float64Array;
  readonly chunkSymbols: Float64Array;
  readonly chunkNames: Float64Array;
  /** Lines that a trace, a mention or a suspect points to, by file. */
  readonly points: ReadonlyMap<number, readonly number[]>;
  readonly changed: ChangedLines;
}

export interface RankedFile {
  readonly file: number;
  readonly path: string;
  readonly belief: number;
  readonly signals: Readonly<Partial<Record<Signal, number>>>;
}

/** All that ranking looks at. `weights` are the table's unless the bench leaves a signal out. */
export interface RankInput {
  readonly root: string;
  readonly index: Index;
  readonly history: History;
  readonly question: Question;
  readonly failure: Distilled;
  readonly changed: ChangedLines;
  readonly suspects: NonNullable<PackRequest['suspects']>;
  readonly named: ReadonlySet<string>;
  readonly stage: StageWeights;
}

const SEEDS = 10;
const KEPT = 400;
const NAMED_BELIEF = 50;

/** Scores every file by every signal and orders them. */
export function rankFiles(input: RankInput, weights: Readonly<Record<Signal, number>> = FILE_WEIGHTS): Ranking {
  const { root, index, question, stage } = input;
  const layout = layoutOf(index);
  const { paths, numbers, kinds, pathIndex, corpus } = layout;
  const features = featuresOf(layout, question);
  const isSource = (file: number): boolean => kinds[file] === 'source';
  const failure = failureScores(root, paths, kinds, pathIndex, input.failure);
  const signals: Partial<Record<Signal, Float64Array>> = {
    ...features.files,
    history: normal(historyScores(input.history, numbers, question), isSource),
    frame: failure.frame.map((value) => value * stage.frame),
    tested: failure.tested,
    changed: changedScores(input.changed, numbers, paths.length),
    suspect: suspectScores(input.suspects, numbers, paths.length),
  };
  const all = { ...weights, changed: weights.changed + stage.changed };
  const totals = sum(signals, all, kindPenalties(kinds, question), input.named, paths);
  if (weights.graph > 0) {
    signals.graph = graphScores(root, paths, kinds, corpus, pathIndex, seedsOf(totals, stage.sharpness));
    signals.graph.forEach((value, file) => {
      totals[file]! += Math.min(value, 1) * weights.graph;
    });
  }
  return {
    question,
    files: ordered(totals, signals, paths, stage.sharpness),
    corpus,
    kinds,
    chunkWords: against(features.words.chunk, corpus, isSource),
    chunkSymbols: against(features.symbols.chunk, corpus, isSource),
    chunkNames: against(features.names.chunk, corpus, isSource),
    points: pointsOf(input, failure.lines, pathIndex, numbers),
    changed: input.changed,
  };
}

function sum(
  signals: Partial<Record<Signal, Float64Array>>,
  weights: Readonly<Record<Signal, number>>,
  penalties: Float64Array,
  named: ReadonlySet<string>,
  paths: readonly string[],
): Float64Array {
  const totals = penalties.slice();
  for (const [signal, values] of Object.entries(signals) as [Signal, Float64Array][]) {
    const weight = weights[signal];
    if (weight !== 0) for (let file = 0; file < totals.length; file++) totals[file]! += weight * values[file]!;
  }
  if (named.size > 0) for (const [file, path] of paths.entries()) if (named.has(path)) totals[file]! += NAMED_BELIEF;
  return totals;
}

/** Tests and documents weigh as little as the table says, unless the title asks for them. */
function kindPenalties(kinds: readonly Kind[], question: Question): Float64Array {
  const weights: Record<Kind, number> = { ...KIND_WEIGHTS };
  if (ASKS_FOR_TESTS.test(question.title)) weights.test = 0;
  if (ASKS_FOR_DOCS.test(question.title)) {
    weights.docs = 0;
    weights.example = 0;
  }
  return Float64Array.from(kinds, (kind) => weights[kind]);
}

const ASKS_FOR_TESTS =
  /\b(add|write|fix|update|missing|improve|flaky|failing)\b.{0,30}\b(tests?|specs?|fixtures?)\b|\btest (suite|coverage|helper)/i;
const ASKS_FOR_DOCS = /\b(docs?|documentation|readme|changelog|docstrings?|tutorial)\b/i;

function seedsOf(totals: Float64Array, sharpness: number): Seed[] {
  const best = bestFirst(totals, SEEDS);
  const top = totals[best[0]!] ?? 0;
  return best.map((file) => [file, Math.exp((totals[file]! - top) / (2 * sharpness))]);
}

/** The numbers of the `most` best, the best first, of equals the first. */
function bestFirst(totals: Float64Array, most: number): number[] {
  const least = totals.length > most ? totals.toSorted()[totals.length - most]! : Number.NEGATIVE_INFINITY;
  const found: number[] = [];
  for (let file = 0; file < totals.length; file++) if (totals[file]! >= least) found.push(file);
  return found.sort((a, b) => totals[b]! - totals[a]! || a - b).slice(0, most);
}

function ordered(
  totals: Float64Array,
  signals: Partial<Record<Signal, Float64Array>>,
  paths: readonly string[],
  sharpness: number,
): RankedFile[] {
  const order = bestFirst(totals, KEPT);
  const top = totals[order[0]!] ?? 0;
  const beliefs = totals.map((total) => Math.exp((total - top) / sharpness));
  const whole = beliefs.reduce((all, belief) => all + belief, 0);
  const named = Object.entries(signals) as [Signal, Float64Array][];
  return order.map((file) => {
    const own: Partial<Record<Signal, number>> = {};
    for (const [signal, values] of named) if (values[file]! > 0) own[signal] = values[file]!;
    return { file, path: paths[file]!, belief: beliefs[file]! / whole, signals: own };
  });
}

function against(scores: Float64Array, corpus: Corpus, isSource: (file: number) => boolean): Float64Array {
  let best = 0;
  for (let chunk = 0; chunk < scores.length; chunk++) {
    if (scores[chunk]! <= best) continue;
    const file = corpus.chunkFile[chunk]!;
    if (file >= 0 && isSource(file)) best = scores[chunk]!;
  }
  if (best === 0) return scores;
  const parts = new Float64Array(scores.length);
  for (let chunk = 0; chunk < scores.length; chunk++) parts[chunk] = scores[chunk]! / best;
  return parts;
}

function changedScores(changed: ChangedLines, numbers: ReadonlyMap<string, number>, files: number): Float64Array {
  const scores = new Float64Array(files);
  for (const path of changed.keys()) {
    const file = numbers.get(path);
    if (file !== undefined) scores[file] = 1;
  }
  return scores;
}

function suspectScores(
  suspects: RankInput['suspects'],
  numbers: ReadonlyMap<string, number>,
  files: number,
): Float64Array {
  const scores = new Float64Array(files);
  for (const { path, score } of suspects) {
    const file = numbers.get(path);
    if (file !== undefined) scores[file] = Math.max(scores[file]!, Math.min(1, score));
  }
  return scores;
}

function pointsOf(
  input: RankInput,
  frames: ReadonlyMap<number, readonly number[]>,
  index: PathIndex,
  numbers: ReadonlyMap<string, number>,
): Map<number, number[]> {
  const points = new Map([...frames].map(([file, lines]) => [file, [...lines]]));
  const add = (file: number, line: number): void => void points.set(file, [...(points.get(file) ?? []), line]);
  for (const { path, line } of input.question.mentions)
    if (line !== null) for (const file of index.resolve(path)) add(file, line);
  for (const { path, line } of input.suspects) if (numbers.has(path)) add(numbers.get(path)!, line);
  return points;
}
