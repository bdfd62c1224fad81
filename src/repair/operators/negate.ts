import { type Operator, operand, replace } from '../operator.ts';
import { parts } from '../syntax.ts';

const TRUTH = new Set(['comparison', 'logical', 'identifier', 'call', 'member', 'subscript', 'parenthesized']);

/** A condition is negated, or its negation dropped; a number changes its sign. */
export const operator: Operator = {
  id: 'negate',
  *propose(node, { vocabulary, sort }) {
    if (node.role !== 'value') return;
    const inside = parts(node)[0];
    if (node.kind === 'not' && inside) yield replace(node, inside.text, 'dropped');
    if (node.kind === 'unary' && inside && node.text.startsWith('-'))
      yield replace(node, operand(inside), 'sign-dropped');
    const tested = node.field === 'condition' || node.parent?.kind === 'logical' || node.parent?.kind === 'if-clause';
    if (
      tested &&
      node.kind &&
      TRUTH.has(node.kind) &&
      node.parent?.kind !== 'not' &&
      !(node.kind === 'parenthesized' && inside?.kind === 'not')
    )
      yield replace(node, vocabulary.not(node.kind === 'parenthesized' ? node.text : operand(node)), 'condition');
    else if (node.parent?.kind === 'return' && node.kind && TRUTH.has(node.kind) && sort(node) === 'boolean')
      yield replace(node, vocabulary.not(operand(node)), 'result');
    if (
      node.kind &&
      ['identifier', 'call', 'subscript', 'member', 'binary'].includes(node.kind) &&
      node.parent?.kind !== 'call' &&
      node.parent?.kind !== 'unary'
    ) {
      const kind = sort(node);
      if (kind === 'number' || kind === 'unknown')
        yield replace(node, `-${operand(node)}`, 'sign', kind === 'number' ? 1 : 0.4);
    }
  },
};
