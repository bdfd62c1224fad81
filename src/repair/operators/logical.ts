import { type Operator, replace } from '../operator.ts';
import { operands } from '../syntax.ts';

/** `and` becomes `or`, and the other way round. */
export const operator: Operator = {
  id: 'logical',
  *propose(node, { vocabulary: { and, or } }) {
    const parts = node.kind === 'logical' ? operands(node) : null;
    if (!parts) return;
    yield replace(parts.operator, parts.operator.text === and ? or : and, 'swapped');
  },
};
