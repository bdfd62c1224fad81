import { type Operator, replace } from '../operator.ts';
import { callArguments } from '../syntax.ts';

/** A function or method is taken for a sibling of it, for one of the program, or for a method in use. */
export const operator: Operator = {
  id: 'callee',
  *propose(node, { vocabulary, names, ingredients }) {
    const isMethod = node.kind === 'property' && node.parent?.kind === 'member';
    const isFunction =
      node.kind === 'identifier' &&
      node.role === 'value' &&
      (node.field === 'function' || node.parent?.kind === 'arguments');
    if (!isMethod && !isFunction) return;
    const siblings = vocabulary.siblings.filter((family) => family.includes(node.text));
    const others = [...new Set(siblings.flat())].filter((name) => name !== node.text);
    for (const name of others) yield replace(node, name, isMethod ? 'sibling-method' : 'sibling-function');
    if (isMethod) {
      for (const name of ingredients.properties.slice(0, 20))
        if (name !== node.text && !others.includes(name)) yield replace(node, name, 'method-in-use', 0.7);
    } else if (node.field === 'function') {
      const count = node.parent ? callArguments(node.parent).length : 0;
      for (const { name } of names.functionsAt(node))
        if (name !== node.text) yield replace(node, name, 'own-function', count > 0 ? 1 : 0.7);
    }
  },
};
