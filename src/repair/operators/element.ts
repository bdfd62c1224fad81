import { type Context, type Operator, replace } from '../operator.ts';
import type { SyntaxNode } from '../syntax.ts';

/** A name, number or empty list becomes an element or the size of a sequence in scope, or a list of a variable. */
export const operator: Operator = {
  id: 'element',
  *propose(node, context) {
    if (node.role !== 'value' || node.field === 'function' || node.field === 'object') return;
    if (node.kind === 'list' && node.children.length === 2)
      for (const { name } of context.names.variablesAt(node)) yield replace(node, `[${name}]`, 'list-of', 1);
    if (node.kind !== 'identifier' && node.kind !== 'number') return;
    if (node.parent?.kind === 'subscript' && node.parent.children[0] === node) return;
    for (const [text, variant, weight] of elements(node, context))
      if (text !== node.parent?.text) yield replace(node, text, variant, weight);
  },
};

function* elements(node: SyntaxNode, { names, vocabulary }: Context): Iterable<readonly [string, string, number]> {
  const variables = names.variablesAt(node).slice(0, 10);
  const last = vocabulary.slices.find((each) => /\[-1\]|at\(-1\)/.test(each)) ?? '$[-1]';
  for (const { name, sort } of variables) {
    if (sort !== 'list' && sort !== 'string') continue;
    const share = sort === 'list' ? 1 : 0.5;
    yield [`${name}[0]`, 'end', share];
    yield [last.replace('$', name), 'end', share];
    yield [vocabulary.length(name), 'size', share];
    for (const { name: index, sort: kind } of variables)
      if (kind === 'number' && index !== name && index.length <= 3) yield [`${name}[${index}]`, 'at-variable', share];
  }
}
