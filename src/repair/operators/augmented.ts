import { type Operator, replace } from '../operator.ts';
import { child, operands } from '../syntax.ts';

const BITS = ['&=', '|=', '^=', '<<=', '>>='];

/** `+=` becomes another operator or a plain assignment, and the other way round; `++` becomes `--`. */
export const operator: Operator = {
  id: 'augmented',
  *propose(node, { vocabulary }) {
    if (node.kind === 'augmented') {
      const token = operands(node)?.operator;
      if (!token) return;
      const signs = BITS.includes(token.text) ? ['&', '|', '^', '<<', '>>'] : vocabulary.arithmetic;
      for (const sign of signs)
        if (`${sign}=` !== token.text) yield replace(token, `${sign}=`, 'operator', /^[+-]/.test(sign) ? 1 : 0.5);
      yield replace(token, '=', 'to-plain');
    }
    if (node.kind === 'assignment') {
      const token = node.children.find((each) => each.text === '=' && !each.named);
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (!token || !left || !right) return;
      for (const sign of ['+=', '-=', '*=']) yield replace(token, sign, 'from-plain', sign === '+=' ? 1 : 0.5);
    }
    if (node.kind === 'update') {
      yield replace(node, node.text.replaceAll('+', '\0').replaceAll('-', '+').replaceAll('\0', '-'), 'update');
      const name = child(node, 'argument');
      if (name) yield replace(node, `${name.text} ${node.text.includes('+') ? '+=' : '-='} 2`, 'update-by', 0.5);
    }
  },
};
