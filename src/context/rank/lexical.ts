import type { Index } from '../index/open-index.ts';
import type { QueryTerm } from '../question/question.ts';

/** Chunks of all segments numbered through, and the file each belongs to (-1: none that is listed). */
export interface Corpus {
  readonly index: Index;
  /** First number of each segment's chunks. */
  readonly base: readonly number[];
  readonly chunks: number;
  readonly chunkFile: Int32Array;
  readonly chunkWords: Uint32Array;
  readonly fileWords: Float64Array;
  readonly liveChunks: number;
  readonly liveFiles: number;
  readonly meanChunkWords: number;
  readonly meanFileWords: number;
}

/** Lays the index out for scoring. `counts(file)` says whether a file takes part. */
export function corpusOf(index: Index): Corpus {
  const base: number[] = [];
  let chunks = 0;
  for (const segment of index.segments) {
    base.push(chunks);
    chunks += segment.chunkStarts.length;
  }
  const chunkFile = new Int32Array(chunks).fill(-1);
  const chunkWords = new Uint32Array(chunks);
  for (const [i, segment] of index.segments.entries()) chunkWords.set(segment.chunkWords, base[i]!);
  const fileWords = new Float64Array(index.files.length);
  let liveChunks = 0;
  let liveFiles = 0;
  let words = 0;
  index.places.forEach(({ segment, doc }, file) => {
    if (segment < 0) return;
    const { firstChunk, chunkStarts } = index.segments[segment]!;
    const from = base[segment]! + firstChunk[doc]!;
    const to = base[segment]! + (firstChunk[doc + 1] ?? chunkStarts.length);
    if (from < to && chunkFile[from] !== -1) return;
    chunkFile.fill(file, from, to);
    for (let chunk = from; chunk < to; chunk++) fileWords[file]! += chunkWords[chunk]!;
    liveChunks += to - from;
    liveFiles++;
    words += fileWords[file]!;
  });
  return {
    index,
    base,
    chunks,
    chunkFile,
    chunkWords,
    fileWords,
    liveChunks,
    liveFiles,
    meanChunkWords: words / Math.max(1, liveChunks),
    meanFileWords: words / Math.max(1, liveFiles),
  };
}

/** BM25 scores by chunk and by file. */
export interface Scores {
  readonly chunk: Float64Array;
  readonly file: Float64Array;
}

const K1 = 1.2;
const B = 0.75;

/**
 * BM25 (Robertson, Walker 1994; k1 1.2, b 0.75) of weighted terms over chunks and over files, in one pass over the
 * postings.
 */
export function score(corpus: Corpus, terms: readonly QueryTerm[]): Scores {
  const chunk = new Float64Array(corpus.chunks);
  const file = new Float64Array(corpus.index.files.length);
  const fileCount = new Float64Array(corpus.index.files.length);
  const hits = new Int32Array(corpus.chunks);
  const counts = new Int32Array(corpus.chunks);
  const touched = new Int32Array(corpus.index.files.length);
  let hit = 0;
  let touch = 0;
  const take = (at: number, count: number, owner: number): void => {
    hits[hit] = at;
    counts[hit++] = count;
    if (fileCount[owner] === 0) touched[touch++] = owner;
    fileCount[owner]! += count;
  };
  for (const { hash, weight } of terms) {
    hit = 0;
    touch = 0;
    eachPosting(corpus, hash, take);
    const chunkWeight = weight * rarity(corpus.liveChunks, hit);
    for (let i = 0; i < hit; i++)
      chunk[hits[i]!]! += chunkWeight * saturated(counts[i]!, corpus.chunkWords[hits[i]!]! / corpus.meanChunkWords);
    const fileWeight = weight * rarity(corpus.liveFiles, touch);
    for (let i = 0; i < touch; i++) {
      const owner = touched[i]!;
      file[owner]! += fileWeight * saturated(fileCount[owner]!, corpus.fileWords[owner]! / corpus.meanFileWords);
      fileCount[owner] = 0;
    }
  }
  return { chunk, file };
}

/** Calls back with every live chunk that has the term, its count and its file. */
export function eachPosting(
  corpus: Corpus,
  hash: number,
  each: (chunk: number, count: number, file: number) => void,
): void {
  corpus.index.segments.forEach((segment, i) => {
    const base = corpus.base[i]!;
    segment.postings(hash, (chunk, count) => {
      const owner = corpus.chunkFile[base + chunk]!;
      if (owner >= 0) each(base + chunk, count, owner);
    });
  });
}

/** Inverse document frequency, never negative. */
export function rarity(total: number, having: number): number {
  return Math.log(1 + (total - having + 0.5) / (having + 0.5));
}

function saturated(count: number, relativeLength: number): number {
  return (count * (K1 + 1)) / (count + K1 * (1 - B + B * relativeLength));
}
