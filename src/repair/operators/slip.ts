import { type Operator, replace } from '../operator.ts';
import { enclosing, operands, parts } from '../syntax.ts';

/** Slips that are hardly ever meant: a comma expression for a list, a comparison for an arrow, an assignment for a test, a loop variable compared as text. */
export const operator: Operator = {
  id: 'slip',
  *propose(node, { file, names }) {
    if (file.language.family !== 'javascript') return;
    if (node.kind === 'parenthesized' && parts(node)[0]?.kind === 'sequence')
      yield replace(node, `[${node.text.slice(1, -1)}]`, 'comma-expression');
    if (node.kind === 'comparison' && node.parent?.kind === 'arguments') {
      const pair = leftmost(node);
      if (
        pair &&
        pair.left.kind === 'identifier' &&
        !names.isBound(pair.left.text, node) &&
        /^>=?$/.test(pair.operator.text)
      )
        yield replace(pair.operator, '=>', 'arrow');
    }
    if (node.kind === 'assignment' && node.parent?.kind === 'parenthesized' && enclosing(node.parent, 'if', 'while')) {
      const token = node.children.find((each) => each.text === '=' && !each.named);
      if (token) yield replace(token, '==', 'assignment');
    }
  },
};

function leftmost(node: Parameters<Operator['propose']>[0]): ReturnType<typeof operands> {
  const pair = operands(node);
  return pair && pair.left.kind === 'comparison' ? leftmost(pair.left) : pair;
}
