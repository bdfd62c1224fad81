import { type Edit, type Operator, type Replacement, replace } from '../operator.ts';
import { operands, parts, type SyntaxNode } from '../syntax.ts';

/** Excess logic goes: an operand, an argument, an element, a branch's condition. */
export const operator: Operator = {
  id: 'drop-part',
  *propose(node) {
    const pair = node.kind === 'binary' || node.kind === 'logical' ? operands(node) : null;
    if (pair) {
      yield replace(node, pair.left.text, node.kind === 'logical' ? 'condition' : 'operand');
      yield replace(node, pair.right.text, node.kind === 'logical' ? 'condition' : 'operand', 0.6);
    }
    const inner = pair?.left.kind === node.kind ? operands(pair.left) : null;
    if (inner) yield replace(node, inner.left.text, node.kind === 'logical' ? 'conditions' : 'operands', 0.7);
    if (node.kind === 'comparison') yield* shortened(node);
    if (
      node.kind === 'arguments' ||
      node.kind === 'list' ||
      node.kind === 'tuple' ||
      node.kind === 'set' ||
      node.kind === 'dict'
    )
      yield* without(node);
    if (node.kind === 'if-clause') yield* filter(node);
    if (node.kind === 'ternary') {
      const [a, b, c] = parts(node);
      const results = node.children[1]?.text === '?' ? [b, c] : [a, c];
      for (const result of results) if (result) yield replace(node, result.text, 'ternary');
    }
    if (node.kind === 'lambda' && node.parent?.kind === 'arguments' && parts(node.parent).length === 1)
      yield replace(node, '', 'callback', 0.5);
  },
};

/** The filter of a comprehension, with the space before it. */
function* filter(node: SyntaxNode): Iterable<Edit> {
  const siblings = node.parent?.children ?? [];
  const before = siblings[siblings.indexOf(node) - 1];
  yield {
    replacements: [{ start: before?.end ?? node.start, end: node.end, text: '' }],
    variant: 'filter',
    weight: 1,
  };
}

/** `a < b < c` becomes `a < b` or `b < c`. */
function* shortened(node: SyntaxNode): Iterable<Edit> {
  const values = parts(node);
  if (values.length !== 3) return;
  const [first, middle] = values as [SyntaxNode, SyntaxNode];
  yield { replacements: [{ start: middle.end, end: node.end, text: '' }], variant: 'condition', weight: 1 };
  yield { replacements: [{ start: first.start, end: middle.start, text: '' }], variant: 'condition', weight: 1 };
}

function* without(node: SyntaxNode): Iterable<Edit> {
  const items = parts(node);
  const variant = node.kind === 'arguments' ? 'argument' : 'element';
  for (const [at, item] of items.entries()) {
    const next = items[at + 1];
    const before = items[at - 1];
    const cut: Replacement = next
      ? { start: item.start, end: next.start, text: '' }
      : { start: before?.end ?? item.start, end: item.end, text: '' };
    yield { replacements: [cut], variant, weight: items.length > 8 ? 0.5 : 1 };
  }
}
