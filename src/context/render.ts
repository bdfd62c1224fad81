import { printableName } from './fit/names.ts';
import type { Source } from './fit/source.ts';
import type { Range } from './request.ts';

/** A file as it goes into the text. */
export interface Section {
  readonly source: Source;
  readonly ranges: readonly Range[];
  /** For each range, the definitions its first line stands in. */
  readonly scopes: readonly string[];
}

/** Everything that is to be said, in the order in which it is given up when it does not fit: last first. */
export interface Parts {
  readonly errors: readonly string[];
  readonly sections: readonly Section[];
  readonly outline: readonly string[];
  readonly receipt: string;
}

/**
 * The text of a pack. A file begins with `## path (n lines)`, each of its ranges with `@@ first-last @@` and the
 * definitions around it; the lines follow exactly as they are in the file (but for secrets), without numbers.
 */
export function renderText({ errors, sections, outline, receipt }: Parts): string {
  const blocks: string[] = [];
  if (errors.length > 0) blocks.push(['# Failing output, distilled', ...errors].join('\n'));
  blocks.push(...sections.map(renderSection));
  if (outline.length > 0) blocks.push(['# Outlines of further files (name:line)', ...outline].join('\n'));
  if (receipt) blocks.push(receipt);
  return blocks.length > 0 ? `${blocks.join('\n\n')}\n` : '';
}

/** One file with its ranges. */
function renderSection({ source, ranges, scopes }: Section): string {
  const { lines, ranked } = source;
  const parts = [`## ${printableName(ranked.path)} (${lines.length} lines)`];
  ranges.forEach(([start, end], i) => {
    const scope = scopes[i] ? ` in ${scopes[i]}` : '';
    parts.push(`@@ ${start}-${end} @@${scope}`, lines.slice(start - 1, end).join('\n'));
  });
  return parts.join('\n');
}
