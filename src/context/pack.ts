import { join } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { stateFolder } from '../platform/state-folder.ts';
import { changedLines } from './collect/changes.ts';
import { type IndexFolder, indexFolder } from './collect/index-folder.ts';
import type { Listing } from './collect/listing.ts';
import { findNamed, type Named } from './collect/named.ts';
import { RememberedListings } from './collect/remembered-listings.ts';
import { templateLines } from './collect/templates.ts';
import { workspaceKey, workspaceRoot } from './collect/workspace.ts';
import { assemble } from './fit/assemble.ts';
import { errorLines } from './fit/error-lines.ts';
import { offerPieces } from './fit/fit.ts';
import { rerankFiles } from './fit/rerank.ts';
import { type CountTokens, loadTokenCounter } from './fit/tokens.ts';
import { HeldIndexes } from './index/held-indexes.ts';
import { type Index, openIndex } from './index/open-index.ts';
import { pruneIndexes } from './index/prune.ts';
import { readRequest } from './question/asked.ts';
import { openHistory } from './rank/history.ts';
import { rankFiles } from './rank/rank.ts';
import type { Section } from './render.ts';
import { DEFAULT_BUDGET, type Pack, type PackRequest, type Rerank } from './request.ts';
import { toPack } from './result.ts';
import { FILE_WEIGHTS, NO_STAGE, PIECE_WEIGHTS, type PieceWeights, type Signal, STAGE_WEIGHTS } from './weights.ts';

/** What packing needs from outside. */
export interface PackDependencies {
  /** The folder that holds the indexes of all workspaces. */
  readonly indexes: string;
  readonly countTokens: () => Promise<CountTokens>;
  readonly weights: Readonly<Record<Signal, number>>;
  readonly pieceWeights: PieceWeights;
  /** Off unless given. */
  readonly rerank: Rerank | undefined;
  /** Told, one line each, what went wrong and was put right. */
  readonly warn: (line: string) => void;
  readonly signal: AbortSignal;
}

const RECEIPT_TOKENS = 30;
/** What one process knows from pack to pack. */
const listings = new RememberedListings();
const indexes = new HeldIndexes();

/**
 * Packs the parts of a workspace that a question is about into a text of at most `budget` o200k tokens, without asking
 * a model. Throws MaestroError when the workspace cannot be read or the budget is not a number from 0.
 */
export async function pack(request: PackRequest, overrides: Partial<PackDependencies> = {}): Promise<Pack> {
  const started = performance.now();
  const deps = { ...usualDependencies(overrides.indexes), ...overrides };
  const budget = budgetOf(request);
  const stage = request.stage ? STAGE_WEIGHTS[request.stage] : NO_STAGE;
  const collected = await collect(request, deps);
  const { root, folder, index, named } = collected;
  try {
    const changed = stage.changed > 0 ? await changedLines(root, deps.signal) : new Map();
    const { question, failure } = readRequest(
      root,
      request,
      changed,
      stage.callers,
      templateLines(root, collected.listing),
    );
    const history = await openHistory(folder.path, root, deps.signal);
    const names = new Set(named.paths);
    const input = {
      root,
      index,
      history,
      question,
      failure,
      changed,
      suspects: request.suspects ?? [],
      named: names,
      stage,
    };
    const { ranking, reranked } = await rerankFiles(root, rankFiles(input, deps.weights), deps.rerank);
    deps.signal.throwIfAborted();
    const count = await deps.countTokens();
    const errors = errorLines(failure.text, budget * stage.errors, count);
    const offer = offerPieces(root, ranking, names, { stage, weights: deps.pieceWeights }, count);
    const outline = budget * stage.skeleton;
    const room = budget - outline - errors.tokens - RECEIPT_TOKENS;
    const draft = { offer, errors: errors.lines, outline, room, receipt: receiptOf(collected) };
    const assembled = await assemble(draft, budget, count);
    const ms = performance.now() - started;
    return toPack({ ...collected, assembled, offer, errors, failure, ranked: ranking.files.length, reranked, ms });
  } finally {
    index.close();
    await folder.dispose();
  }
}

function usualDependencies(indexes = join(stateFolder(), 'context')): PackDependencies {
  return {
    indexes,
    countTokens: loadTokenCounter,
    weights: FILE_WEIGHTS,
    pieceWeights: PIECE_WEIGHTS,
    rerank: undefined,
    warn: (line) => process.stderr.write(`maestro: ${line}\n`),
    signal: new AbortController().signal,
  };
}

interface Collected {
  readonly root: string;
  readonly folder: IndexFolder;
  readonly listing: Listing;
  readonly named: Named;
  readonly index: Index;
  readonly indexMs: number;
}

/** What may be looked at, and the index of it, up to date. */
async function collect(request: PackRequest, deps: PackDependencies): Promise<Collected> {
  const root = workspaceRoot(request.workspace);
  const key = workspaceKey(root);
  const folder = indexFolder(deps.indexes, key, deps.warn);
  const listing = await listings.list(root, folder.temporary ? null : folder.path, deps.signal);
  const named = findNamed(root, listing, request.files ?? []);
  const started = performance.now();
  const files = named.extra.length > 0 ? [...listing.files, ...named.extra] : listing.files;
  const open = folder.temporary ? openIndex : indexes.open.bind(indexes);
  const index = await open(folder.path, root, files, deps.warn);
  if (!folder.temporary) pruneIndexes(deps.indexes, key);
  return { root, folder, listing, named, index, indexMs: performance.now() - started };
}

function budgetOf({ budget = DEFAULT_BUDGET }: PackRequest): number {
  if (Number.isFinite(budget) && budget >= 0) return Math.floor(budget);
  throw new MaestroError(
    'usage',
    `the budget ${budget} is not a number of tokens`,
    'Give a whole number from 0, such as 8000.',
  );
}

/** One line that says what was sent. */
function receiptOf({ listing, named }: Collected): (sections: readonly Section[]) => string {
  const withheld = listing.refused.size + named.refused.size;
  return (sections) => {
    const lines = sections.flatMap(({ ranges }) => ranges).reduce((sum, [start, end]) => sum + end - start + 1, 0);
    return `(${sections.length} of ${listing.files.length} files in part or whole, ${lines} lines; ${withheld} withheld)`;
  };
}
