import type { Operator } from '../operator.ts';

/** A comprehension gets a filter from the conditions of the program or from its own variables. */
export const operator: Operator = {
  id: 'comprehension-filter',
  *propose(node, { ingredients, names }) {
    if (node.kind !== 'comprehension') return;
    const clauses = node.children.filter((each) => each.kind === 'for-clause' || each.kind === 'if-clause');
    const last = clauses.at(-1);
    if (!last || last.kind === 'if-clause') return;
    const own = names.variablesAt(last).filter((each) => each.scope === node);
    const tests = own.flatMap(({ name }) => [
      name,
      `${name} > 0`,
      `${name} != 0`,
      `${name} % 2 == 0`,
      `${name} % 2 == 1`,
    ]);
    for (const text of [...ingredients.conditionsNear(node).map((each) => each.text), ...tests])
      yield { replacements: [{ start: last.end, end: last.end, text: ` if ${text}` }], variant: 'added', weight: 1 };
  },
};
