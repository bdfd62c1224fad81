import type { Parser, Tree } from '../platform/tree-sitter.ts';
import type { Language } from './language.ts';
import type { Kind, Role, SyntaxNode } from './syntax.ts';

const VALUES: ReadonlySet<Kind> = new Set<Kind>([
  'binary',
  'comparison',
  'logical',
  'not',
  'unary',
  'update',
  'call',
  'new',
  'subscript',
  'member',
  'identifier',
  'number',
  'string',
  'template',
  'boolean',
  'null',
  'list',
  'dict',
  'set',
  'tuple',
  'sequence',
  'parenthesized',
  'ternary',
  'lambda',
  'comprehension',
  'await',
]);

/** Kinds whose inside holds nothing to change. */
const OPAQUE: ReadonlySet<Kind> = new Set<Kind>(['string', 'docstring', 'comment', 'type', 'import']);

type TreeCursor = ReturnType<Tree['walk']>;

interface Draft extends Omit<SyntaxNode, 'children'> {
  children: SyntaxNode[];
}

/** Parses a text with one parser and runs `use` on the tree, which is freed afterwards. Offsets are UTF-16 units. */
export function withTree<T>(parser: Parser, text: string, use: (tree: Tree) => T): T {
  const tree = parser.parse(text);
  if (!tree) throw new Error('the parser gave no tree');
  try {
    return use(tree);
  } finally {
    tree.delete();
  }
}

/** A plain copy of the syntax tree with neutral kinds and roles. */
export function copyTree(tree: Tree, text: string, language: Language): SyntaxNode {
  const cursor = tree.walk();
  try {
    return copyNode(cursor, text, language, null);
  } finally {
    cursor.delete();
  }
}

function copyNode(cursor: TreeCursor, text: string, language: Language, parent: SyntaxNode | null): SyntaxNode {
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  const raw = {
    type: cursor.nodeType,
    named: cursor.nodeIsNamed,
    field: cursor.currentFieldName,
    text: text.slice(start, end),
    ...childFacts(cursor, text),
  };
  const kind = language.kind(raw, parent);
  const node: Draft = {
    type: raw.type,
    named: raw.named,
    field: raw.field,
    text: raw.text,
    kind,
    role: roleOf(kind, raw.field, parent, language, raw.type),
    start,
    end,
    line: cursor.startPosition.row + 1,
    endLine: cursor.endPosition.row + 1,
    parent,
    children: [],
  };
  if (kind && OPAQUE.has(kind)) return node;
  if (cursor.gotoFirstChild()) {
    do node.children.push(copyNode(cursor, text, language, node));
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}

/** The operator token and the types of the named children. */
function childFacts(cursor: TreeCursor, text: string): { operator: string | null; childTypes: string[] } {
  let operator: string | null = null;
  const childTypes: string[] = [];
  if (!/expression|statement|string/.test(cursor.nodeType) || !cursor.gotoFirstChild()) return { operator, childTypes };
  do {
    if (cursor.nodeIsNamed) childTypes.push(cursor.nodeType);
    else if (cursor.currentFieldName === 'operator') operator = text.slice(cursor.startIndex, cursor.endIndex);
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
  return { operator, childTypes };
}

function roleOf(
  kind: Kind | null,
  field: string | null,
  parent: SyntaxNode | null,
  language: Language,
  type: string,
): Role {
  if (!parent) return null;
  const pattern = /pattern|parameter/.test(type);
  if (!pattern && (!kind || !(VALUES.has(kind) || kind === 'property'))) return null;
  if (language.isTarget(field, parent)) return 'target';
  return kind && VALUES.has(kind) ? 'value' : null;
}
