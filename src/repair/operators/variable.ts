import { type Operator, replace } from '../operator.ts';
import { enclosing } from '../syntax.ts';

const CONSTANTS = ['0', '1', '-1'];

/** A name becomes another variable in scope. */
export const operator: Operator = {
  id: 'variable',
  *propose(node, { names, sort, file }) {
    if (node.kind !== 'identifier' || node.field === 'function' || node.field === 'constructor') return;
    const isTarget = node.role === 'target';
    if (isTarget ? !enclosing(node.parent, 'assignment', 'augmented') : node.role !== 'value') return;
    if (!isTarget && names.functionsAt(node).some(({ name }) => name === node.text) && node.parent?.kind === 'call')
      return;
    if (!isTarget && node.field !== 'object')
      for (const text of CONSTANTS)
        yield replace(
          node,
          text,
          node.parent?.kind === 'return' ? 'returned-constant' : 'constant',
          sort(node) === 'number' ? 1 : 0.5,
        );
    const own = sort(node);
    const returned = node.parent?.kind === 'return';
    const unknown = !names.isBound(node.text, node) && file.language.family === 'javascript';
    for (const { name, sort: other } of names.variablesAt(node)) {
      if (name === node.text) continue;
      const alike = own === other ? 1 : own === 'unknown' || other === 'unknown' ? 0.6 : 0.2;
      yield replace(node, name, isTarget ? 'target' : returned ? 'returned' : unknown ? 'unbound' : 'used', alike);
    }
  },
};
