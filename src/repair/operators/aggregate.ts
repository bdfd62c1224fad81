import { type Operator, replace } from '../operator.ts';
import { parts } from '../syntax.ts';

/** An element of a sequence becomes its sum, extreme or size, and the other way round. */
export const operator: Operator = {
  id: 'aggregate',
  *propose(node, { vocabulary }) {
    if (node.kind !== 'subscript' || node.role !== 'value') return;
    const [sequence, index] = parts(node);
    if (!sequence || !index || index.kind === 'slice') return;
    for (const { template, takes, gives } of vocabulary.wrappers)
      if (takes === 'list' && gives === 'number')
        yield replace(
          node,
          template.replace('$', () => sequence.text),
          'whole',
        );
  },
};
