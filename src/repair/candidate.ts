import type { Base } from './bases.ts';
import { lineStart } from './lines.ts';
import type { Edit, Replacement } from './operator.ts';
import { withTree } from './parse.ts';
import type { SourceFile } from './source.ts';

/** One edit with what decides its turn. */
export interface Candidate {
  readonly base: Base;
  readonly operator: string;
  readonly edit: Edit;
  readonly score: number;
  /** Its score already counts how many of its kind came before. */
  readonly tired?: boolean;
}

/** The text with the replacements made; they must not overlap. `null` when they do. */
export function applied(text: string, replacements: readonly Replacement[]): string | null {
  let result = '';
  let at = 0;
  for (const { start, end, text: put } of inOrder(replacements)) {
    if (start < at) return null;
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

/** By position; at one position an insertion goes first. */
export function inOrder(replacements: readonly Replacement[]): readonly Replacement[] {
  return replacements.length < 2 ? replacements : [...replacements].sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * A text that two edits of a file share exactly when they leave the same syntax behind: comments, white space
 * and needless parentheses do not count. `null` when the edit does not apply, does not parse or changes nothing.
 * Only the top-level statements the edit touches are parsed.
 */
export function normalForm(file: SourceFile, replacements: readonly Replacement[]): string | null {
  const [from, to] = chunk(file, replacements);
  const inside = replacements.map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
  const before = file.text.slice(from, to);
  const after = applied(before, inside);
  if (after === null || after === before) return null;
  const form = formOf(file, after);
  const range = `${from}-${to}`;
  return form === null || form === originalForm(file, range, before) ? null : `${range}:${form}`;
}

const originals = new WeakMap<SourceFile, Map<string, string | null>>();

function originalForm(file: SourceFile, range: string, text: string): string | null {
  let forms = originals.get(file);
  if (!forms) {
    forms = new Map();
    originals.set(file, forms);
  }
  if (!forms.has(range)) forms.set(range, formOf(file, text));
  return forms.get(range)!;
}

/** The range of the top-level statements that hold all replacements; the whole file where it does not parse anyway. */
function chunk(file: SourceFile, replacements: readonly Replacement[]): readonly [number, number] {
  if (file.broken) return [0, file.text.length];
  const first = Math.min(...replacements.map((each) => each.start));
  const last = Math.max(...replacements.map((each) => each.end));
  const tops = file.root.children.filter((each) => each.named);
  const from = tops.findLast((each) => each.start <= first)?.start ?? 0;
  const to = tops.find((each) => each.end >= last)?.end ?? file.text.length;
  return [Math.min(from, lineStart(file.text, first)), Math.max(to, last)];
}

function formOf(file: SourceFile, text: string): string | null {
  return withTree(file.parser, text, ({ rootNode }) => {
    if (rootNode.hasError) return null;
    return `${withoutParentheses(rootNode.toString())}\n${bare(text, file.language.family === 'python')}`;
  });
}

/** An S-expression without comments and without the nodes that stand for parentheses. */
function withoutParentheses(shape: string): string {
  const dropped: boolean[] = [];
  return shape.replaceAll(/ ?\(comment\)|\(parenthesized_expression |[()]/g, (token) => {
    if (token === ')') return dropped.pop() ? '' : token;
    if (token.endsWith('(comment)')) return '';
    dropped.push(token !== '(');
    return token === '(' ? token : '';
  });
}

const QUOTED = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/.source;
const TEMPLATE = /`(?:\\.|[^`\\])*`/.source;
/** A slash where an operand is due opens a pattern, which may hold what looks like a comment or a quote. */
const PATTERN = /(?<=[([{,;=:!&|?+]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/[\\\n])+\//.source;
const PYTHON_TOKENS = new RegExp(`(${QUOTED})|#[^\\n]*|[\\s();]+`, 'g');
const SLASHED_TOKENS = new RegExp(
  `(${QUOTED}|${TEMPLATE}|${PATTERN})|\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?\\*\\/|[\\s();]+`,
  'g',
);

/** The text without comments, white space and parentheses; what stands in quotes keeps its own. */
function bare(text: string, hashComments: boolean): string {
  return text
    .replaceAll(hashComments ? PYTHON_TOKENS : SLASHED_TOKENS, (_, kept: string | undefined) =>
      kept === undefined ? ' ' : quoted(kept, hashComments),
    )
    .replaceAll(/ *(?<=\W) +| +(?=\W)|^ +| +$/g, '');
}

/** A quoted text with its spaces out of reach; what a template computes is code like any other. */
function quoted(text: string, hashComments: boolean): string {
  const kept = text.startsWith('`')
    ? text.replaceAll(/(?<=\$\{)[^{}`]*(?=\})/g, (code) => bare(code, hashComments))
    : text;
  return kept.replaceAll(' ', '\0');
}
