import { type Operator, operand, replace } from '../operator.ts';
import { callArguments, child, parts } from '../syntax.ts';

/** A call becomes its argument or its receiver; a subscript becomes what it takes from; a list its only element. */
export const operator: Operator = {
  id: 'unwrap',
  *propose(node) {
    if (node.role !== 'value') return;
    if (node.kind === 'call' || node.kind === 'new') {
      const callee = child(node, 'function');
      if (callee?.kind === 'member' && !/^(Math|Object|Array|String|Number|math|JSON)\./.test(callee.text))
        yield replace(node, callee.children[0]!.text, 'receiver');
      for (const argument of callArguments(node).slice(0, 3))
        if (argument.kind !== 'spread' && argument.kind !== 'lambda')
          yield replace(node, operand(argument), 'argument');
    }
    if (node.kind === 'subscript' && node.parent?.field !== 'left')
      yield replace(node, node.children[0]!.text, 'subscript');
    if (node.kind === 'member' && node.field !== 'function') yield replace(node, node.children[0]!.text, 'member', 0.5);
    const inside = node.kind === 'list' ? parts(node) : [];
    if (inside.length === 1) yield replace(node, operand(inside[0]!), 'list');
  },
};
