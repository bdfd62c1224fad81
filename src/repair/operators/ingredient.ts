import { type Operator, replace, transplanted } from '../operator.ts';
import { contains, type SyntaxNode } from '../syntax.ts';

const REPLACED = new Set([
  'identifier',
  'call',
  'subscript',
  'member',
  'binary',
  'number',
  'comparison',
  'logical',
  'unary',
]);

/** An expression becomes another expression of the same program. */
export const operator: Operator = {
  id: 'ingredient',
  *propose(node, { ingredients, sort, names }) {
    if (node.role !== 'value' || !node.kind || !REPLACED.has(node.kind)) return;
    if (node.field === 'function' || node.field === 'constructor' || node.parent?.kind === 'parenthesized') return;
    const tests = node.kind === 'comparison' || node.kind === 'logical';
    const donors = tests ? ingredients.conditionsNear(node) : ingredients.expressionsNear(node);
    const own = sort(node);
    for (const donor of donors) {
      if (donor.text === node.text || contains(node, donor)) continue;
      if (!namesOf(donor).every((name) => names.isBound(name, node) || !names.isBound(name, donor))) continue;
      const other = sort(donor);
      const alike = own === other ? 1 : own === 'unknown' || other === 'unknown' ? 0.5 : 0.1;
      const same = donor.kind === node.kind ? 1 : 0.6;
      const near = contains(donor, node) ? 0.7 : 1;
      yield replace(node, transplanted(donor, node), tests ? 'condition' : node.kind, alike * same * near);
    }
  },
};

function namesOf(node: SyntaxNode): string[] {
  return node.kind === 'identifier' ? [node.text] : node.children.flatMap(namesOf);
}
