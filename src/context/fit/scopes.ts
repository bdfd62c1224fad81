import { createParser, type GrammarName, type SyntaxNode } from '../../platform/tree-sitter.ts';
import type { Family } from '../collect/kinds.ts';
import { indentOf } from '../index/chunks.ts';
import { definedAt } from '../index/definitions.ts';

/** A definition of a file: its lines (from 1, ends included), name, how deep it stands. */
export interface Scope {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

const GRAMMARS: Partial<Record<Family, GrammarName>> = {
  python: 'python',
  javascript: 'javascript',
  typescript: 'typescript',
  tsx: 'tsx',
  java: 'java',
  csharp: 'c-sharp',
  go: 'go',
  rust: 'rust',
  ruby: 'ruby',
  php: 'php',
  cpp: 'cpp',
  bash: 'bash',
  powershell: 'powershell',
};
const DEFINITION =
  /^(function|method|class|interface|struct|enum|trait|impl|module|namespace|record|object|constructor|type_alias|mod|union|macro|singleton_method|annotation_type|internal_module|abstract_class|generator_function|type)(_(definition|declaration|item|spec|specifier|signature))*$|^(impl_item|method|class|module|singleton_method|function_definition)$/;
const LARGEST_PARSED = 400_000;
const DEEPEST = 6;
const DEEPEST_NODE = 80;

/** The definitions of a file, outer before inner, by its grammar where there is one, else by the look of its lines. */
export async function scopesOf(text: string, lines: readonly string[], family: Family): Promise<Scope[]> {
  const grammar = GRAMMARS[family];
  if (!grammar || text.length > LARGEST_PARSED) return scopesByLines(lines, family);
  const parser = await createParser(grammar);
  try {
    const tree = parser.parse(text);
    if (!tree) return scopesByLines(lines, family);
    const scopes: Scope[] = [];
    collect(tree.rootNode, 0, 0, scopes);
    tree.delete();
    return scopes;
  } finally {
    parser.delete();
  }
}

/** The names of the definitions a line stands in, outermost first; the one that begins on it is not among them. */
export function namesAround(line: number, scopes: readonly Scope[]): string[] {
  return scopes.filter((scope) => scope.start < line && scope.end >= line).map(({ name }) => name);
}

function collect(node: SyntaxNode, level: number, depth: number, scopes: Scope[]): void {
  for (const child of node.namedChildren) {
    if (!child) continue;
    const name = nameOf(child);
    if (name !== null) scopes.push({ name, start: child.startPosition.row + 1, end: lastRow(child) + 1, depth });
    if (level < DEEPEST_NODE && depth < DEEPEST && child.endPosition.row > child.startPosition.row) {
      collect(child, level + 1, name === null ? depth : depth + 1, scopes);
    }
  }
}

/** The row of a node's last character: a node that ends at the beginning of a row ends on the one before. */
function lastRow({ startPosition, endPosition }: SyntaxNode): number {
  return endPosition.column === 0 ? Math.max(startPosition.row, endPosition.row - 1) : endPosition.row;
}

function nameOf(node: SyntaxNode): string | null {
  if (DEFINITION.test(node.type))
    return (
      node.childForFieldName('name')?.text ??
      node.childForFieldName('type')?.text ??
      node.childForFieldName('declarator')?.text.split('(')[0] ??
      null
    );
  const value = node.childForFieldName('value') ?? node.childForFieldName('right');
  if (!value || !/function|arrow_function|class/.test(value.type)) return null;
  return (
    (node.childForFieldName('name') ?? node.childForFieldName('key') ?? node.childForFieldName('left'))?.text ?? null
  );
}

function scopesByLines(lines: readonly string[], family: Family): Scope[] {
  const open: { name: string; start: number; indent: number }[] = [];
  const scopes: Scope[] = [];
  lines.forEach((line, i) => {
    const indent = indentOf(line);
    if (indent === line.length || line.length > 400) return;
    while (open.length > 0 && indent <= open.at(-1)!.indent && !/^\s*[})\]]/.test(line)) {
      const { name, start } = open.pop()!;
      scopes.push({ name, start, end: i, depth: open.length });
    }
    const name = definedAt(family, line, indent);
    if (name) open.push({ name, start: i + 1, indent });
  });
  while (open.length > 0) {
    const { name, start } = open.pop()!;
    scopes.push({ name, start, end: lines.length, depth: open.length });
  }
  return scopes.sort((a, b) => a.start - b.start || a.depth - b.depth);
}
