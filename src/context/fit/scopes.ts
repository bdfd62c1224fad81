import { createParser, type GrammarName, type SyntaxNode, type Tree } from '../../platform/tree-sitter.ts';
import type { Family } from '../collect/kinds.ts';
import { closingLine, indentOf } from '../index/chunks.ts';
import { definedAt } from '../index/definitions.ts';

/** What the lines of one file stand in; whoever asked for it closes it. */
export interface Surroundings {
  /** The names of the definitions around a line (from 1), outermost first; the one that begins on it is not among them. */
  namesAround(line: number): string[];
  close(): void;
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
const DEEPEST = 6;

/**
 * The surroundings of a file's lines by its grammar where there is one and the file has at most `mostParsed` characters,
 * else by the look of its lines.
 */
export async function surroundingsOf(
  lines: readonly string[],
  family: Family,
  mostParsed = 400_000,
): Promise<Surroundings> {
  const grammar = GRAMMARS[family];
  const text = lines.join('\n');
  const tree = grammar && text.length <= mostParsed ? await parsed(text, grammar) : null;
  if (!tree) return byLines(lines, family);
  return { namesAround: (line) => namesIn(tree, line, lines[line - 1] ?? ''), close: () => tree.delete() };
}

async function parsed(text: string, grammar: GrammarName): Promise<Tree | null> {
  const parser = await createParser(grammar);
  try {
    return parser.parse(text);
  } finally {
    parser.delete();
  }
}

/** Walks up from the first character of a line that is not white space. */
function namesIn(tree: Tree, line: number, text: string): string[] {
  const names: string[] = [];
  const row = line - 1;
  let node = tree.rootNode.descendantForPosition({ row, column: indentOf(text) });
  for (; node; node = node.parent) {
    const name = node.startPosition.row < row ? nameOf(node) : null;
    if (name !== null) names.unshift(name);
  }
  return names.slice(0, DEEPEST);
}

function nameOf(node: SyntaxNode): string | null {
  if (DEFINITION.test(node.type))
    return (
      node.childForFieldName('name')?.text ??
      node.childForFieldName('declarator')?.text.split('(')[0] ??
      node.childForFieldName('type')?.text ??
      null
    );
  const value = node.childForFieldName('value') ?? node.childForFieldName('right');
  if (!value || !/function|arrow_function|class/.test(value.type)) return null;
  return (
    (node.childForFieldName('name') ?? node.childForFieldName('key') ?? node.childForFieldName('left'))?.text ?? null
  );
}

function byLines(lines: readonly string[], family: Family): Surroundings {
  const scopes = scopesByLines(lines, family);
  const around = (line: number): Scope[] => scopes.filter(({ start, end }) => start < line && end >= line);
  return { namesAround: (line) => around(line).map(({ name }) => name), close: () => {} };
}

interface Scope {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Definitions with their lines (from 1, ends included), outer before inner. */
function scopesByLines(lines: readonly string[], family: Family): Scope[] {
  const open: { name: string; start: number; indent: number }[] = [];
  const scopes: Scope[] = [];
  const close = (end: number): void => {
    const { name, start } = open.pop()!;
    scopes.push({ name, start, end });
  };
  lines.forEach((line, i) => {
    const indent = indentOf(line);
    if (indent === line.length || line.length > 400) return;
    while (open.length > 0 && indent <= open.at(-1)!.indent && !/^\s*[})\]]/.test(line)) close(i);
    const name = definedAt(family, line, indent, () => closingLine(lines, i, indent));
    if (name) open.push({ name, start: i + 1, indent });
  });
  while (open.length > 0) close(lines.length);
  return scopes.sort((a, b) => a.start - b.start || b.end - a.end);
}
