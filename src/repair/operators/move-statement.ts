import type { Edit, Operator } from '../operator.ts';
import { after, before, reindented, without } from '../placing.ts';
import { bodyOf, indentAt, isDefinition, isStatement, type SourceFile, startsLine, statementOf } from '../source.ts';
import type { SyntaxNode } from '../syntax.ts';

/** A statement changes places with its neighbour, leaves its block upwards or downwards, or moves into the one beside it. */
export const operator: Operator = {
  id: 'move-statement',
  *propose(node, { file }) {
    if (!isStatement(node) || !startsLine(file, node) || !node.parent) return;
    if (isDefinition(node)) return;
    const siblings = bodyOf(node.parent);
    const at = siblings.indexOf(node);
    const next = siblings[at + 1];
    const previous = siblings[at - 1];
    if (next && startsLine(file, next) && !isDefinition(next)) yield exchanged(file, node, next);
    const outer = statementOf(node.parent);
    if (outer && outer.kind !== 'function' && startsLine(file, outer) && siblings.length > 1)
      yield* outwards(file, node, outer, at === siblings.length - 1);
    if (previous) yield* inwards(file, node, previous, 'into-previous');
    if (next) yield* inwards(file, node, next, 'into-next');
  },
};

function exchanged(file: SourceFile, a: SyntaxNode, b: SyntaxNode): Edit {
  const indent = indentAt(file, a.start);
  return {
    replacements: [
      { start: a.start, end: a.end, text: reindented(file, b, indent) },
      { start: b.start, end: b.end, text: a.text },
    ],
    variant: 'exchange',
    weight: 1,
  };
}

function* outwards(file: SourceFile, node: SyntaxNode, outer: SyntaxNode, last: boolean): Iterable<Edit> {
  const text = reindented(file, node, indentAt(file, outer.start));
  yield { replacements: [without(file, node), after(file, outer, text)], variant: 'out-after', weight: last ? 1 : 0.4 };
  yield { replacements: [before(file, outer, text), without(file, node)], variant: 'out-before', weight: 0.5 };
}

function* inwards(file: SourceFile, node: SyntaxNode, block: SyntaxNode, variant: string): Iterable<Edit> {
  if (block.kind !== 'for' && block.kind !== 'for-each' && block.kind !== 'while' && block.kind !== 'if') return;
  const body = bodyOf(block);
  const into = variant === 'into-previous' ? body.at(-1) : body[0];
  if (!into || !startsLine(file, into)) return;
  const text = reindented(file, node, indentAt(file, into.start));
  const placed = variant === 'into-previous' ? after(file, into, text) : before(file, into, text);
  yield { replacements: [placed, without(file, node)], variant, weight: 1 };
}
