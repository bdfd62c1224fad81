import { type Operator, replace } from '../operator.ts';
import { after } from '../placing.ts';
import { bodyOf, isStatement } from '../source.ts';
import { enclosing, parts } from '../syntax.ts';

/** A `break`, `continue` or `return` where control should have left; a value that was computed is returned. */
export const operator: Operator = {
  id: 'insert-flow',
  *propose(node, { file, vocabulary, names }) {
    if (node.kind === 'break') yield replace(node, node.text.replace('break', 'continue'), 'break-continue');
    if (node.kind === 'continue') yield replace(node, node.text.replace('continue', 'break'), 'break-continue');
    const assigns = /^(assignment|augmented)$/.test(parts(node)[0]?.kind ?? '');
    const gives = node.kind === 'expression-statement' && !(assigns && file.language.family === 'python');
    if (gives && isStatement(node) && enclosing(node, 'function', 'lambda'))
      yield replace(node, `return ${node.text}`, 'return-expression', 0.6);
    if (!isStatement(node) || !enclosing(node.parent, 'function', 'lambda')) return;
    const body = bodyOf(node.parent!);
    if (body.at(-1) !== node || /^(return|break|continue|throw|function)$/.test(node.kind ?? '')) return;
    const inLoop = enclosing(node.parent, 'for', 'for-each', 'while', 'function', 'lambda');
    if (inLoop && inLoop.kind !== 'function' && inLoop.kind !== 'lambda')
      for (const word of ['break', 'continue'])
        yield { replacements: [after(file, node, vocabulary.statement(word))], variant: word, weight: 1 };
    const outermost = node.parent?.parent?.kind === 'function' || node.parent?.parent?.kind === 'lambda';
    for (const text of [...names.variablesAt(node).map((each) => each.name), vocabulary.true, vocabulary.false])
      yield {
        replacements: [after(file, node, vocabulary.statement(`return ${text}`))],
        variant: outermost ? 'return-at-end' : 'return',
        weight: 1,
      };
    if (node.kind === 'expression-statement' && parts(node)[0]?.kind === 'call') return;
  },
};
