import type { Parser } from '../platform/tree-sitter.ts';
import type { Language } from './language.ts';
import { lineStart } from './lines.ts';
import { copyTree, withTree } from './parse.ts';
import { enclosing, type SyntaxNode, walk } from './syntax.ts';

/** One file to edit, parsed. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly eol: string;
  /** One step of indentation, as the file writes it. */
  readonly unit: string;
  readonly language: Language;
  readonly parser: Parser;
  readonly root: SyntaxNode;
  /** Every node, parents first. */
  readonly nodes: readonly SyntaxNode[];
  /** The file has syntax errors as it stands. */
  readonly broken: boolean;
}

/** Parses a file; a file with syntax errors is parsed as far as the grammar can. */
export function openSource(path: string, text: string, language: Language, parser: Parser): SourceFile {
  return withTree(parser, text, (tree) => {
    const root = copyTree(tree, text, language);
    return {
      path,
      text,
      eol: /\r\n/.test(text) ? '\r\n' : '\n',
      unit: indentationUnit(text),
      language,
      parser,
      root,
      nodes: [...walk(root)],
      broken: tree.rootNode.hasError,
    };
  });
}

/** The smallest step by which a line is indented more than the line before it. */
function indentationUnit(text: string): string {
  let smallest = '';
  let before = '';
  for (const line of text.split('\n')) {
    if (!line.trim()) continue;
    const indent = /^[ \t]*/.exec(line)![0];
    const step = indent.startsWith(before) ? indent.slice(before.length) : '';
    if (step && step.length > 1 && (!smallest || step.length < smallest.length)) smallest = step;
    if (step === '\t') return '\t';
    before = indent;
  }
  return smallest || '    ';
}

/** Whitespace at the start of the line a position is on. */
export function indentAt(file: SourceFile, position: number): string {
  const start = lineStart(file.text, position);
  return /^[ \t]*/.exec(file.text.slice(start, position))![0];
}

/** Nothing but whitespace stands before the node on its line. */
export function startsLine(file: SourceFile, node: SyntaxNode): boolean {
  const start = lineStart(file.text, node.start);
  return /^[ \t]*$/.test(file.text.slice(start, node.start));
}

/** A statement that stands in a list of statements: something may be put before or after it. */
export function isStatement(node: SyntaxNode): boolean {
  return (
    node.named &&
    node.parent?.kind === 'block' &&
    node.parent.type !== 'class_body' &&
    node.kind !== 'comment' &&
    node.kind !== 'docstring' &&
    !(node.parent.type.startsWith('switch') && node.field === 'value')
  );
}

/** A statement that defines something others use by name: moving or deleting it mends nothing. */
export function isDefinition(node: SyntaxNode): boolean {
  if (node.kind && /^(function|class|import|export|docstring)$/.test(node.kind)) return true;
  if (/^(module\.)?exports\b/.test(node.text)) return true;
  return (
    node.kind === 'declaration' && node.children.some((each) => each.children.some((value) => value.kind === 'lambda'))
  );
}

/** The statement a node belongs to, or `null`. */
export function statementOf(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (isStatement(at)) return at;
  return null;
}

/** The innermost function, or the whole file. */
export function functionOf(node: SyntaxNode): SyntaxNode {
  const found = enclosing(node.parent, 'function', 'lambda');
  if (!found) return rootOf(node);
  if (found.kind === 'lambda' && !found.children.some((each) => each.kind === 'block') && found.parent)
    return functionOf(found);
  return found;
}

function rootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.parent) at = at.parent;
  return at;
}

/** The statements of a function, a loop or a branch, or none. */
export function bodyOf(node: SyntaxNode): readonly SyntaxNode[] {
  const block = node.kind === 'block' ? node : node.children.find((each) => each.kind === 'block');
  return block ? block.children.filter(isStatement) : [];
}
