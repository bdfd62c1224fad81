import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Redaction, redact } from '../../domain/redaction.ts';
import { isInside } from '../../platform/files.ts';
import { readBytes, textOf } from '../collect/read-text.ts';
import type { RankedFile } from '../rank/rank.ts';

const LONGEST_LINE = 2_000;
const LARGEST_NAMED = 8 * 1024 * 1024;

/** A file that may be packed. Secrets are looked for only when its lines are about to leave. */
export class Source {
  readonly ranked: RankedFile;
  /** The lines as they are in the file, to measure and to search; they never leave. */
  readonly raw: readonly string[];
  readonly #text: string;
  #clean: { readonly lines: readonly string[]; readonly redactions: readonly Redaction[] } | undefined;

  constructor(ranked: RankedFile, text: string) {
    this.ranked = ranked;
    this.#text = text;
    this.raw = linesOf(text);
  }

  /** The lines as they may leave: secrets taken out, every line where it was. */
  get lines(): readonly string[] {
    return this.#cleaned().lines;
  }

  get redactions(): readonly Redaction[] {
    return this.#cleaned().redactions;
  }

  #cleaned() {
    if (!this.#clean) {
      const { text, found } = redact(this.#text);
      this.#clean = { lines: found.length > 0 ? linesOf(text) : this.raw, redactions: found };
    }
    return this.#clean;
  }
}

/** Reads a file again, whole and now: what is packed is what is there. Gives the reason where it cannot be packed. */
export function openSource(root: string, ranked: RankedFile, isNamed: boolean): Source | string {
  const path = join(root, ranked.path);
  const problem = outside(root, path);
  if (problem) return problem;
  const bytes = readBytes(path, isNamed ? LARGEST_NAMED : undefined);
  if (typeof bytes === 'string') return bytes;
  const text = textOf(bytes);
  if (text === 'binary' || (text === 'minified' && !isNamed)) return text;
  return new Source(ranked, text === 'minified' ? bytes.toString('utf8') : text);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map(shortLine);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line without its carriage return; of a very long one the beginning, and how much there is more. */
function shortLine(line: string): string {
  const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
  return bare.length > LONGEST_LINE
    ? `${bare.slice(0, LONGEST_LINE)}… [${bare.length - LONGEST_LINE} more characters]`
    : bare;
}

function outside(root: string, path: string): string | null {
  try {
    return isInside(root, realpathSync(path)) ? null : 'it lies outside of the workspace';
  } catch {
    return 'unreadable';
  }
}
