import { type Operator, replace } from '../operator.ts';
import { after, before, reindented } from '../placing.ts';
import { indentAt, isDefinition, isStatement } from '../source.ts';
import { contains } from '../syntax.ts';

/** A statement of the function is repeated at another place of it, or put in another's place. */
export const operator: Operator = {
  id: 'copy-statement',
  *propose(node, { file, ingredients }) {
    if (!isStatement(node) || isDefinition(node)) return;
    const indent = indentAt(file, node.start);
    for (const donor of ingredients.statementsNear(node).slice(0, 16)) {
      if (isDefinition(donor) || (donor.kind === 'declaration' && file.language.family === 'javascript')) continue;
      const text = reindented(file, donor, indent);
      const simple = donor.line === donor.endLine;
      if (!simple && node.line === node.endLine && node.parent?.line === node.line) continue;
      if (donor !== node && !contains(donor, node)) {
        yield { replacements: [before(file, node, text)], variant: 'before', weight: simple ? 1 : 0.5 };
        if (simple && node.line === node.endLine && donor.text !== node.text) yield replace(node, text, 'replaced', 1);
      }
      if (!contains(donor, node) || donor === node)
        yield {
          replacements: [after(file, node, text)],
          variant: donor === node ? 'twice' : 'after',
          weight: simple ? 1 : 0.5,
        };
    }
  },
};
