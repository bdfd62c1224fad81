import { type Operator, replace } from '../operator.ts';
import { operands, parts } from '../syntax.ts';

/** Terms are grouped differently: `a - b / 2` becomes `(a - b) / 2`. */
export const operator: Operator = {
  id: 'regroup',
  *propose(node) {
    const outer = node.kind === 'binary' || node.kind === 'logical' ? operands(node) : null;
    if (!outer) return;
    const sign = outer.operator.text;
    const right = inside(outer.right);
    const left = inside(outer.left);
    if (right)
      yield replace(
        node,
        `(${outer.left.text} ${sign} ${right.left.text}) ${right.operator.text} ${right.right.text}`,
        'left',
      );
    if (right)
      yield replace(
        node,
        `${outer.left.text} ${right.operator.text} ${right.right.text} ${sign} ${right.left.text}`,
        'exchanged',
        0.7,
      );
    if (left)
      yield replace(
        node,
        `${left.left.text} ${left.operator.text} (${left.right.text} ${sign} ${outer.right.text})`,
        'right',
      );
  },
};

function inside(node: Parameters<Operator['propose']>[0]) {
  const inner = node.kind === 'parenthesized' ? parts(node)[0] : node;
  return inner && (inner.kind === 'binary' || inner.kind === 'logical') ? operands(inner) : null;
}
