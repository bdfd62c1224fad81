import type { StageId } from '../domain/stage.ts';

/** What to pack for. At least one of `task`, `errors`, `files` should be there; without any, the entry points are packed. */
export interface PackRequest {
  /** The folder to pack from: a repository, a part of one, or any folder. */
  readonly workspace: string;
  readonly task?: string;
  /** Failing-test output, traces, logs: any number, any length. */
  readonly errors?: readonly string[];
  /** Paths or globs, relative to the workspace, that must be in. */
  readonly files?: readonly string[];
  readonly stage?: StageId;
  /** In o200k tokens; 8000 unless given. */
  readonly budget?: number;
  /** Suspicious places from elsewhere (coverage of failing tests), `score` in 0..1. */
  readonly suspects?: ReadonlyArray<{ readonly path: string; readonly line: number; readonly score: number }>;
}

/** Lines from 1, ends included. */
export type Range = readonly [start: number, end: number];

export interface PackedFile {
  readonly path: string;
  readonly ranges: readonly Range[];
  readonly why: readonly string[];
  /** The share of belief that the question is about this file, 0..1. */
  readonly score: number;
}

/** What was not sent, and why. */
export interface LeftOut {
  /** Files that must never be sent, or that the user excluded. */
  readonly refused: ReadonlyArray<{ readonly path: string; readonly why: string }>;
  readonly refused_total: number;
  /** Named files of which only a part fitted, or that could not be read. */
  readonly cut: ReadonlyArray<{ readonly path: string; readonly why: string }>;
  /** Named paths and globs that no file answers to. */
  readonly not_found: readonly string[];
  /** Files that were looked at and did not make it. */
  readonly ranked_lower: number;
  /** Tracked files that are not on disk (sparse checkout, deleted). */
  readonly absent: number;
  readonly error_lines: number;
}

/**
 * Puts files in a better order for a question, told by their outlines; paths, the likeliest first. `null`: no answer.
 * It may cost money: pack() calls it at most once.
 */
export type Rerank = (
  question: string,
  outlines: ReadonlyArray<{ readonly path: string; readonly outline: string }>,
) => Promise<readonly string[] | null>;

/** What came of asking for a better order; `why` when it was not used. */
export interface Reranked {
  readonly used: boolean;
  readonly why: string | null;
}

/** The pack. `text` has exactly `tokens` o200k tokens and never more than the budget. */
export interface Pack {
  readonly text: string;
  readonly tokens: number;
  readonly files: readonly PackedFile[];
  /** Files of which only the outline is in the text. */
  readonly skeleton: readonly string[];
  readonly left_out: LeftOut;
  readonly redactions: ReadonlyArray<{ readonly rule: string; readonly path: string; readonly line: number }>;
  readonly index: { readonly files: number; readonly bytes: number; readonly reused: number; readonly ms: number };
  /** There only when a better order was asked for. */
  readonly reranked?: Reranked;
  readonly ms: number;
}

export const DEFAULT_BUDGET = 8_000;
