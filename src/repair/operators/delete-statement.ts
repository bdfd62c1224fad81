import type { Operator, Replacement } from '../operator.ts';
import { without } from '../placing.ts';
import { bodyOf, isDefinition, isStatement, type SourceFile, startsLine } from '../source.ts';
import { child, parts, type SyntaxNode } from '../syntax.ts';

const COMPOUND = new Set(['if', 'while', 'for', 'for-each', 'try', 'switch']);

/** A statement goes; an `if` or loop goes and leaves its body; an `else` goes. */
export const operator: Operator = {
  id: 'delete-statement',
  *propose(node, { file }) {
    if (node.kind === 'else' || node.kind === 'elif')
      yield { replacements: [{ start: node.start, end: node.end, text: '' }], variant: 'branch', weight: 1 };
    if (!isStatement(node) || isDefinition(node)) return;
    const variant = node.kind && COMPOUND.has(node.kind) ? 'compound' : (node.kind ?? 'other');
    yield { replacements: [without(file, node)], variant, weight: 1 };
    const siblings = bodyOf(node.parent!);
    const next = siblings[siblings.indexOf(node) + 1];
    if (next && startsLine(file, node) && !isDefinition(next) && next.kind !== 'return')
      yield { replacements: [withoutBoth(file, node, next)], variant: 'two', weight: 1 };
    const body = node.kind === 'if' ? child(node, 'consequence') : child(node, 'body');
    if (!body || (node.kind !== 'if' && node.kind !== 'while') || child(node, 'alternative')) return;
    const statements = body.kind === 'block' ? bodyOf(body) : [body];
    if (statements.length !== 1 || parts(body).length === 0) return;
    const only = statements[0]!;
    if (startsLine(file, node) && only.line === only.endLine)
      yield { replacements: [{ start: node.start, end: node.end, text: only.text }], variant: 'keep-body', weight: 1 };
  },
};

/** Takes out two statements that follow one another; a Python block of these two keeps a `pass`. */
function withoutBoth(file: SourceFile, first: SyntaxNode, second: SyntaxNode): Replacement {
  if (file.language.family === 'python' && bodyOf(first.parent!).length === 2)
    return { start: first.start, end: second.end, text: 'pass' };
  return { start: without(file, first).start, end: without(file, second).end, text: '' };
}
