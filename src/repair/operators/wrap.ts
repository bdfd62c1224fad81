import { fitted, type Operator, operand, replace } from '../operator.ts';
import type { SyntaxNode } from '../syntax.ts';

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
  *propose(node, { vocabulary, names, sort }) {
    if (node.role !== 'value' || !node.kind || !WRAPPED.has(node.kind)) return;
    if (node.field === 'function' || node.field === 'constructor' || node.parent?.kind === 'parenthesized') return;
    const own = sort(node);
    const bare = node.kind === 'parenthesized' ? node.text.slice(1, -1) : node.text;
    for (const { template, takes } of vocabulary.wrappers) {
      const inCall = /\(.*\$.*\)/.test(template) && !template.startsWith('$');
      const text = template.replace('$', () => (inCall || template === '[$]' ? bare : operand(node)));
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
    for (const { name } of names.functionsAt(node))
      if (!alreadyIn(node, `${name}($)`)) yield replace(node, `${name}(${bare})`, 'own function', 0.6);
  },
};

/** `abs(x)` is not wrapped into `abs` again. */
function alreadyIn(node: SyntaxNode, template: string): boolean {
  const [before, after] = template.split('$') as [string, string];
  const outer = node.parent?.kind === 'arguments' ? node.parent.parent : node.parent;
  return (
    (before !== '' && (node.text.startsWith(before) || (outer?.text.startsWith(before) ?? false))) ||
    (before === '' && node.text.endsWith(after))
  );
}
