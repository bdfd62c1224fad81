import type { Listing } from './collect/listing.ts';
import type { Named } from './collect/named.ts';
import type { Assembled } from './fit/assemble.ts';
import type { ErrorLines } from './fit/error-lines.ts';
import type { Offer } from './fit/fit.ts';
import type { Index } from './index/open-index.ts';
import type { Distilled } from './question/errors.ts';
import type { RankedFile } from './rank/rank.ts';
import type { Section } from './render.ts';
import type { LeftOut, Pack, PackedFile, Reranked } from './request.ts';
import type { Signal } from './weights.ts';

/** All that a pack is made from. */
export interface Outcome {
  readonly assembled: Assembled;
  readonly offer: Offer;
  readonly ranked: number;
  readonly listing: Listing;
  readonly named: Named;
  readonly index: Index;
  readonly indexMs: number;
  readonly errors: ErrorLines;
  readonly failure: Distilled;
  readonly reranked: Reranked | null;
  readonly ms: number;
}

const MOST_REFUSED_SHOWN = 50;

/** The answer in the form that callers and `--format json` see. */
export function toPack(outcome: Outcome): Pack {
  const { assembled, index, named } = outcome;
  const { sections, outline } = assembled.parts;
  return {
    text: assembled.text,
    tokens: assembled.tokens,
    files: sections.map((section) => packedFile(section, new Set(named.paths))),
    skeleton: outline.map((line) => line.slice(0, line.indexOf(': '))),
    left_out: leftOut(outcome),
    redactions: redactionsOf(outcome),
    index: { files: index.files.length, bytes: index.bytesRead, reused: index.reused, ms: Math.round(outcome.indexMs) },
    ...(outcome.reranked && { reranked: outcome.reranked }),
    ms: Math.round(outcome.ms),
  };
}

function packedFile({ source, ranges }: Section, named: ReadonlySet<string>): PackedFile {
  const { ranked } = source;
  return {
    path: ranked.path,
    ranges,
    why: whyOf(ranked, named.has(ranked.path)),
    score: Math.round(ranked.belief * 1e4) / 1e4,
  };
}

const REASONS: ReadonlyArray<readonly [Signal, number, string]> = [
  ['frame', 0, 'in a stack trace'],
  ['suspect', 0, 'executed by failing tests'],
  ['mention', 0, 'its path is in the text'],
  ['changed', 0, 'changed last'],
  ['tested', 0.3, 'a failing test tests it'],
  ['name', 0.4, 'its name is in the text'],
  ['symbol', 0.2, 'defines a name of the text'],
  ['chunks', 0.6, 'words of the text stand close together in it'],
  ['path', 0.5, 'words of the text are in its path'],
  ['history', 0.4, 'commits with such messages changed it'],
  ['graph', 0.3, 'imports or is imported by likely files'],
  ['body', 0, 'words of the text are in it'],
];

/** Why a file is in, the strongest reasons only. */
function whyOf({ signals }: RankedFile, isNamed: boolean): string[] {
  const reasons = REASONS.filter(([signal, least]) => (signals[signal] ?? 0) > least).map(([, , reason]) => reason);
  return [...(isNamed ? ['named by the caller'] : []), ...reasons].slice(0, 4);
}

function leftOut({ listing, named, offer, ranked, failure, assembled }: Outcome): LeftOut {
  const refused = new Map([...named.refused, ...listing.refused]);
  return {
    refused: [...refused].slice(0, MOST_REFUSED_SHOWN).map(([path, why]) => ({ path, why })),
    refused_total: refused.size,
    cut: [...named.cut, ...cutOf(offer, assembled)],
    not_found: named.notFound,
    ranked_lower: ranked - assembled.parts.sections.length,
    absent: listing.absent,
    error_lines: failure.linesIn - assembled.parts.errors.length,
  };
}

/** Named files that are not in whole, told from what is in the end in the text. */
function cutOf({ named, unreadable }: Offer, { parts }: Assembled): { path: string; why: string }[] {
  const sections = new Map(parts.sections.map((section) => [section.source.ranked.path, section]));
  const cut = named.flatMap(({ ranked, lines }) => {
    const ranges = sections.get(ranked.path)?.ranges ?? [];
    const taken = ranges.reduce((sum, [start, end]) => sum + end - start + 1, 0);
    return taken < lines.length ? [{ path: ranked.path, why: `${taken} of ${lines.length} lines fit` }] : [];
  });
  return [...unreadable, ...cut];
}

function redactionsOf({ assembled, errors }: Outcome): Pack['redactions'] {
  const inFiles = assembled.parts.sections.flatMap(({ source, ranges }) =>
    source.redactions
      .filter(({ line }) => ranges.some(([start, end]) => line >= start && line <= end))
      .map(({ rule, line }) => ({ rule, path: source.ranked.path, line })),
  );
  // Of errors the first lines go when the text is too long.
  const gone = errors.lines.length - assembled.parts.errors.length;
  const inErrors = errors.redactions.filter(({ line }) => line > gone);
  return [...inFiles, ...inErrors.map(({ rule, line }) => ({ rule, path: '(errors)', line: line - gone }))];
}
