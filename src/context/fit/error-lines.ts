import { redact } from '../../domain/redaction.ts';
import type { CountTokens } from './tokens.ts';

/** Distilled lines that may leave, secrets taken out, the last ones kept where not all fit. */
export interface ErrorLines {
  readonly lines: readonly string[];
  readonly tokens: number;
  /** Lines from 1 as they are numbered among `lines`. */
  readonly redactions: ReadonlyArray<{ readonly rule: string; readonly line: number }>;
}

/** As many of the last lines of a distilled text as fit into `budget` tokens. */
export function errorLines(text: string, budget: number, count: CountTokens): ErrorLines {
  if (!text) return { lines: [], tokens: 0, redactions: [] };
  const clean = redact(text);
  const lines = clean.text.split('\n');
  let left = budget;
  let from = lines.length;
  while (from > 0) {
    left -= count(lines[from - 1]!) + 1;
    if (left < 0) break;
    from--;
  }
  const redactions = clean.found.flatMap(({ rule, line }) => (line > from ? [{ rule, line: line - from }] : []));
  return { lines: lines.slice(from), tokens: Math.ceil(budget - Math.max(0, left)), redactions };
}
