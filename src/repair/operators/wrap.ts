import { type Context, type Edit, fitted, type Operator, operand, replace } from '../operator.ts';
import { parts, type SyntaxNode } from '../syntax.ts';

const WRAPPED = new Set([
  'identifier',
  'call',
  'subscript',
  'member',
  'binary',
  'parenthesized',
  'comprehension',
  'list',
  'unary',
  'template',
]);

/** An expression is put into a call that converts, rounds, sorts or shortens it. */
export const operator: Operator = {
  id: 'wrap',
  *propose(node, context) {
    const { vocabulary, names, sort } = context;
    if (node.role !== 'value' || !node.kind || !WRAPPED.has(node.kind)) return;
    if (node.field === 'function' || node.field === 'constructor' || node.parent?.kind === 'parenthesized') return;
    const own = sort(node);
    const inner = insideOf(node);
    for (const { template, takes } of vocabulary.wrappers) {
      const inCall = /\(.*\$.*\)/.test(template) && !template.startsWith('$');
      const text = template.replace('$', () => (inCall || template === '[$]' ? inner.text : operand(inner)));
      if (alreadyIn(node, template)) continue;
      const fit =
        takes === 'unknown'
          ? 0.6
          : own === takes
            ? 1
            : own === 'unknown'
              ? 0.5
              : own === 'string' && takes === 'list'
                ? 0.4
                : 0.1;
      const variant = template.replace(/\W+/g, ' ').trim() || template;
      yield replace(node, template.startsWith('!') ? fitted(text, node) : text, variant, fit);
    }
    yield* limited(node, context);
    for (const { name } of names.functionsAt(node))
      if (node.kind !== 'parenthesized') yield replace(node, `${name}(${inner.text})`, 'own function', 0.6);
  },
};

/** The greater or smaller of the expression and a variable or zero. */
function* limited(node: SyntaxNode, { vocabulary, names, sort }: Context): Iterable<Edit> {
  if (sort(node) !== 'number' && sort(node) !== 'unknown') return;
  const others = names.variablesAt(node).filter((each) => each.sort === 'number' && each.name !== node.text);
  for (const name of ['0', ...others.map((each) => each.name)])
    for (const template of vocabulary.limits)
      if (!alreadyIn(node, template))
        yield replace(
          node,
          template.replace('$', () => insideOf(node).text).replace('@', name),
          'limit',
          sort(node) === 'number' ? 1 : 0.4,
        );
}

/** The expression in the parentheses, or the expression itself. */
function insideOf(node: SyntaxNode): SyntaxNode {
  return (node.kind === 'parenthesized' && parts(node)[0]) || node;
}

/** `abs(x)` is not wrapped into `abs` again. */
function alreadyIn(node: SyntaxNode, template: string): boolean {
  const [before, after] = template.split('$') as [string, string];
  const outer = node.parent?.kind === 'arguments' ? node.parent.parent : node.parent;
  return (
    (before !== '' && (node.text.startsWith(before) || (outer?.text.startsWith(before) ?? false))) ||
    (before === '' && node.text.endsWith(after))
  );
}
