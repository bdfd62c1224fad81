/** What a node is, whatever the language calls it. `null` for tokens and for what no operator looks at. */
export type Kind =
  | 'binary'
  | 'comparison'
  | 'logical'
  | 'not'
  | 'unary'
  | 'update'
  | 'call'
  | 'new'
  | 'arguments'
  | 'keyword-argument'
  | 'subscript'
  | 'slice'
  | 'member'
  | 'identifier'
  | 'property'
  | 'number'
  | 'string'
  | 'template'
  | 'boolean'
  | 'null'
  | 'list'
  | 'dict'
  | 'set'
  | 'tuple'
  | 'sequence'
  | 'pair'
  | 'parenthesized'
  | 'ternary'
  | 'lambda'
  | 'comprehension'
  | 'for-clause'
  | 'if-clause'
  | 'spread'
  | 'await'
  | 'function'
  | 'class'
  | 'parameters'
  | 'block'
  | 'expression-statement'
  | 'declaration'
  | 'declarator'
  | 'assignment'
  | 'augmented'
  | 'return'
  | 'break'
  | 'continue'
  | 'throw'
  | 'pass'
  | 'if'
  | 'elif'
  | 'else'
  | 'while'
  | 'for'
  | 'for-each'
  | 'try'
  | 'switch'
  | 'import'
  | 'export'
  | 'comment'
  | 'docstring'
  | 'type'
  | 'error';

/** `value`: an expression that is evaluated here. `target`: a name that is bound or assigned here. */
export type Role = 'value' | 'target' | null;

/** A plain copy of one syntax node. Offsets are UTF-16 units of the file's text; lines count from 1. */
export interface SyntaxNode {
  readonly type: string;
  readonly kind: Kind | null;
  readonly role: Role;
  readonly named: boolean;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  readonly parent: SyntaxNode | null;
  /** Tokens included, in order. */
  readonly children: readonly SyntaxNode[];
}

/** The named children that are not comments. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => child.named && child.kind !== 'comment');
}

/** The child under a field of the grammar, or `null`. */
export function child(node: SyntaxNode, field: string): SyntaxNode | null {
  return node.children.find((each) => each.field === field) ?? null;
}

/** The closest ancestor (or the node itself) of one of the kinds, or `null`. */
export function enclosing(node: SyntaxNode | null, ...kinds: readonly Kind[]): SyntaxNode | null {
  for (let at = node; at; at = at.parent) if (at.kind && kinds.includes(at.kind)) return at;
  return null;
}

/** Every node of the subtree, parents first. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const each of node.children) yield* walk(each);
}

export function contains(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Left side, operator token and right side of `a op b` (binary, comparison, logical, augmented); chains give their first pair. */
export function operands(
  node: SyntaxNode,
): { readonly left: SyntaxNode; readonly operator: SyntaxNode; readonly right: SyntaxNode } | null {
  const index = node.children.findIndex((each, at) => at > 0 && !each.named);
  const left = node.children[index - 1];
  const operator = node.children[index];
  const right = node.children.slice(index + 1).find((each) => each.named && each.kind !== 'comment');
  return left && operator && right ? { left, operator, right } : null;
}

/** The argument expressions of a call, without keyword arguments. */
export function callArguments(call: SyntaxNode): SyntaxNode[] {
  const list = child(call, 'arguments');
  return list ? parts(list).filter((each) => each.kind !== 'keyword-argument') : [];
}
