import type { Ingredients } from './ingredients.ts';
import type { Sort, Vocabulary } from './language.ts';
import type { Names } from './scope.ts';
import type { SourceFile } from './source.ts';
import type { SyntaxNode } from './syntax.ts';

/** New text for `start` to `end` (UTF-16 units) of a file. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One small change of one file. */
export interface Edit {
  readonly replacements: readonly Replacement[];
  /** Which of the operator's ways this is; priors are kept per operator and variant. */
  readonly variant: string;
  /** How likely compared with others of the same variant, 0 < weight ≤ 1. */
  readonly weight: number;
}

/** What an operator may look at beside the node. */
export interface Context {
  readonly file: SourceFile;
  readonly vocabulary: Vocabulary;
  readonly names: Names;
  readonly ingredients: Ingredients;
  sort(node: SyntaxNode): Sort;
}

/** One way to change a program. Proposing nothing for a node is the usual case. */
export interface Operator {
  readonly id: string;
  propose(node: SyntaxNode, context: Context): Iterable<Edit>;
}

/** Replaces a node's text; a condition in parentheses keeps them, for some languages want them there. */
export function replace(node: SyntaxNode, text: string, variant: string, weight = 1): Edit {
  const put = node.kind === 'parenthesized' && node.field === 'condition' ? `(${text})` : text;
  return { replacements: [{ start: node.start, end: node.end, text: put }], variant, weight };
}

const LOOSE: ReadonlySet<string> = new Set([
  'binary',
  'comparison',
  'logical',
  'not',
  'unary',
  'ternary',
  'lambda',
  'sequence',
  'await',
  'assignment',
]);

/** The node's text as an operand: in parentheses where it would come apart. */
export function operand(node: SyntaxNode): string {
  return node.kind && LOOSE.has(node.kind) ? `(${node.text})` : node.text;
}

const CLOSED: ReadonlySet<string> = new Set(['arguments', 'parenthesized', 'return', 'list', 'declarator', 'slice']);

/** Whether an expression put in the node's place needs no parentheses of its own. */
export function standsAlone(node: SyntaxNode): boolean {
  const parent = node.parent;
  if (!parent) return true;
  return (
    (parent.kind !== null && CLOSED.has(parent.kind)) ||
    (parent.kind === 'assignment' && node.field === 'right') ||
    (parent.kind === 'augmented' && node.field === 'right') ||
    (parent.kind === 'subscript' && parent.children[0] !== node) ||
    node.field === 'condition' ||
    parent.kind === 'if-clause' ||
    parent.kind === 'keyword-argument' ||
    parent.kind === 'pair' ||
    parent.kind === 'expression-statement' ||
    (parent.kind === 'lambda' && node.field === 'body')
  );
}

/** Text for the node's place: in parentheses unless the place keeps it together. */
export function fitted(text: string, node: SyntaxNode): string {
  return standsAlone(node) ? text : `(${text})`;
}

/** Another expression's text for the node's place. */
export function transplanted(donor: SyntaxNode, node: SyntaxNode): string {
  return donor.kind && LOOSE.has(donor.kind) ? fitted(donor.text, node) : donor.text;
}
