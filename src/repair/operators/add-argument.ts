import { type Operator, replace } from '../operator.ts';
import { callArguments, child, parts } from '../syntax.ts';

/** A call gets one more argument from the variables in scope, or its only argument becomes two of them. */
export const operator: Operator = {
  id: 'add-argument',
  *propose(node, { names }) {
    if (node.kind !== 'call') return;
    const list = child(node, 'arguments');
    if (list?.kind !== 'arguments') return;
    const given = callArguments(node);
    if (given.length > 3 || parts(list).length !== given.length) return;
    const variables = names.variablesAt(node).slice(0, 8);
    const texts = given.map((each) => each.text);
    for (const { name } of variables) {
      if (texts.includes(name)) continue;
      yield replace(list, `(${[...texts, name].join(', ')})`, 'last');
      if (texts.length > 0) yield replace(list, `(${[name, ...texts].join(', ')})`, 'first', 0.7);
    }
    for (const text of ['0', '1', '-1', '2']) yield replace(list, `(${[...texts, text].join(', ')})`, 'constant', 0.5);
    if (texts.length !== 1) return;
    for (const [at, { name }] of variables.entries())
      for (const { name: other } of variables.slice(at + 1))
        yield replace(list, `(${name}, ${other})`, 'two-variables', 0.5);
  },
};
