import type { GrammarName } from '../platform/tree-sitter.ts';
import type { Kind, SyntaxNode } from './syntax.ts';

/** What operators need to know about a language that its grammar does not tell. `$` stands for the expression at hand. */
export interface Vocabulary {
  readonly true: string;
  readonly false: string;
  readonly null: string;
  readonly and: string;
  readonly or: string;
  readonly emptyList: string;
  readonly emptyDict: string;
  /** Comparison operators; operators outside this list (`in`, `is`) have their `oppositeTests`. */
  readonly comparisons: readonly string[];
  readonly oppositeTests: Readonly<Record<string, string>>;
  readonly arithmetic: readonly string[];
  /** Expressions around an expression, such as `abs($)`, by what they give and take. */
  readonly wrappers: readonly Wrapper[];
  /** The greater and the smaller of `$` and `@`. */
  readonly limits: readonly string[];
  /** Names of functions and methods that are taken for one another. */
  readonly siblings: ReadonlyArray<readonly string[]>;
  /** Parts of a sequence: `@` stands for a position. */
  readonly slices: readonly string[];
  /** A call's way to sort differently: text appended to the arguments. */
  readonly sortings: readonly string[];
  readonly sorters: readonly string[];
  not(text: string): string;
  /** A statement as a line of code. */
  statement(text: string): string;
  /** `if (condition) { body }` as lines, the body indented by `unit`. */
  guard(condition: string, body: string, indent: string, unit: string, eol: string): string;
  length(text: string): string;
  isNull(text: string): string;
  /** Statements that put a value into a collection. */
  collect(collection: string, value: string): readonly string[];
  /** A number as the text it stands for. */
  readonly conversions: readonly string[];
}

export interface Wrapper {
  readonly template: string;
  readonly takes: Sort;
  readonly gives: Sort;
}

/** A coarse guess at a value's type. */
export type Sort = 'number' | 'string' | 'boolean' | 'list' | 'dict' | 'function' | 'unknown';

/** One programming language: its grammar, and the neutral words for its nodes. */
export interface Language {
  readonly id: string;
  /** Languages of one family share priors. */
  readonly family: 'python' | 'javascript';
  readonly extensions: readonly string[];
  readonly grammar: GrammarName;
  readonly vocabulary: Vocabulary;
  /** The neutral kind of a node; `parent` is already classified. */
  kind(node: RawNode, parent: SyntaxNode | null): Kind | null;
  /** Whether a node of this field in this parent binds or assigns a name. */
  isTarget(field: string | null, parent: SyntaxNode): boolean;
  /** Kinds that names belong to. */
  readonly scopes: readonly Kind[];
}

/** A node as the parser gives it, before it has a neutral kind. */
export interface RawNode {
  readonly type: string;
  readonly named: boolean;
  readonly field: string | null;
  readonly text: string;
  /** Text of the operator token among its children, if there is one. */
  readonly operator: string | null;
  readonly childTypes: readonly string[];
}
