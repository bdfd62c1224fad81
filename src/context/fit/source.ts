import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Redaction } from '../../domain/redaction.ts';
import { isInside } from '../../platform/files.ts';
import { behindLinks, factsOf } from '../collect/facts.ts';
import { readBytes, textOf } from '../collect/read-text.ts';
import type { RankedFile } from '../rank/rank.ts';
import { linesRead, TextLines } from './text-lines.ts';

const LARGEST_NAMED = 8 * 1024 * 1024;

/** A file that may be packed. Secrets are looked for only when its lines are about to leave. */
export class Source {
  readonly ranked: RankedFile;
  readonly #lines: TextLines;

  constructor(ranked: RankedFile, text: string, lines: TextLines = new TextLines(text)) {
    this.ranked = ranked;
    this.#lines = lines;
  }

  /** The lines as they are in the file, to measure and to search; they never leave. */
  get raw(): readonly string[] {
    return this.#lines.raw;
  }

  /** The lines as they may leave: secrets taken out, every line where it was. */
  get lines(): readonly string[] {
    return this.#lines.clean.lines;
  }

  get redactions(): readonly Redaction[] {
    return this.#lines.clean.redactions;
  }
}

/** Reads a file again, whole and now: what is packed is what is there. Gives the reason where it cannot be packed. */
export function openSource(
  root: string,
  ranked: RankedFile,
  isNamed: boolean,
  isBehindLink: (path: string) => boolean = behindLinks(root),
): Source | string {
  const path = join(root, ranked.path);
  const isLinked = isBehindLink(ranked.path) || factsOf(path)?.isSymbolicLink() === true;
  const problem = isLinked ? outside(root, path) : null;
  if (problem) return problem;
  const bytes = readBytes(path, isNamed ? LARGEST_NAMED : undefined);
  if (typeof bytes === 'string') return bytes;
  const text = textOf(bytes);
  if (text === 'binary' || (text === 'minified' && !isNamed)) return text;
  const whole = text === 'minified' ? bytes.toString('utf8') : text;
  return new Source(ranked, whole, linesRead(path, whole));
}

function outside(root: string, path: string): string | null {
  try {
    return isInside(root, realpathSync(path)) ? null : 'it lies outside of the workspace';
  } catch {
    return 'unreadable';
  }
}
