import { type Operator, replace } from '../operator.ts';
import { operands } from '../syntax.ts';

const BITS = ['&', '|', '^', '<<', '>>'];

/** An arithmetic or bit operator becomes another. */
export const operator: Operator = {
  id: 'arithmetic',
  *propose(node, { vocabulary, sort }) {
    const parts = node.kind === 'binary' ? operands(node) : null;
    if (!parts) return;
    const { left, operator: token, right } = parts;
    const family = BITS.includes(token.text) ? BITS : vocabulary.arithmetic;
    const isText = sort(left) === 'string' || sort(right) === 'string';
    for (const other of family) {
      if (other === token.text) continue;
      const variant = related(token.text, other) ? 'related' : 'other';
      yield replace(token, other, variant, isText && token.text === '+' ? 0.2 : 1);
    }
  },
};

const PAIRS = ['+-', '*/', '//', '*+', '%/', '///', '%//', '*-', '***'];

function related(a: string, b: string): boolean {
  return PAIRS.includes(a + b) || PAIRS.includes(b + a);
}
