import type { Context, Operator } from '../operator.ts';
import { after, before } from '../placing.ts';
import { isDefinition, isStatement } from '../source.ts';
import { enclosing, type SyntaxNode } from '../syntax.ts';

/** A variable is stepped, accumulated, reset or rewritten before or after a statement. */
export const operator: Operator = {
  id: 'insert-assignment',
  *propose(node, context) {
    const { file, vocabulary } = context;
    if (!isStatement(node) || !enclosing(node.parent, 'function', 'lambda')) return;
    if (isDefinition(node)) return;
    for (const [text, variant, weight] of assignments(node, context)) {
      const line = vocabulary.statement(text);
      yield { replacements: [before(file, node, line)], variant, weight };
      if (!/^(return|break|continue|throw)$/.test(node.kind ?? ''))
        yield { replacements: [after(file, node, line)], variant, weight };
    }
  },
};

function* assignments(
  node: SyntaxNode,
  { names, ingredients, sort, vocabulary }: Context,
): Iterable<readonly [string, string, number]> {
  const variables = names.variablesAt(node).slice(0, 8);
  const donors = ingredients.expressionsNear(node).slice(0, 16);
  for (const { name, sort: own } of variables) {
    if (own === 'number' || own === 'unknown') {
      for (const step of ['+= 1', '-= 1']) yield [`${name} ${step}`, 'step', own === 'number' ? 1 : 0.4];
      for (const text of ['= 0', '= 1']) yield [`${name} ${text}`, 'reset', 0.6];
      yield [
        vocabulary.emptyList === '[]' && vocabulary.true === 'True'
          ? `${name} = abs(${name})`
          : `${name} = Math.abs(${name})`,
        'rewrite',
        0.4,
      ];
    }
    for (const { name: other, sort: otherSort } of variables) {
      if (other === name) continue;
      const alike = own === otherSort ? 1 : own === 'unknown' || otherSort === 'unknown' ? 0.5 : 0.1;
      yield [`${name} = ${other}`, 'assign', alike];
      if (own !== 'list') yield [`${name} += ${other}`, 'accumulate', alike];
      if (own === 'list' || own === 'unknown')
        for (const text of vocabulary.collect(name, other))
          yield [text, 'append', (otherSort === 'list' ? 0.4 : 1) * (own === 'list' ? 1 : 0.4)];
      if (own === 'string' && otherSort !== 'list')
        for (const template of vocabulary.conversions)
          yield [`${name} += ${template.replace('$', other)}`, 'accumulate-converted', 1];
    }
    for (const donor of donors) {
      if (donor.line > node.endLine + 12) continue;
      const other = sort(donor);
      const alike = own === other ? 1 : own === 'unknown' || other === 'unknown' ? 0.4 : 0.1;
      yield [`${name} = ${donor.text}`, 'assign-expression', alike];
      if (own === 'number' || own === 'string') yield [`${name} += ${donor.text}`, 'accumulate-expression', alike];
    }
  }
  const cells = donors.filter((each) => each.kind === 'subscript' && each.line <= node.endLine + 3).slice(0, 5);
  for (const cell of cells)
    for (const other of cells) if (other !== cell) yield [`${cell.text} = ${other.text}`, 'assign-element', 1];
  for (const { name, sort: own } of variables) {
    if (own !== 'list') continue;
    yield [`${name}.sort()`, 'method', 0.5];
    yield [`${name}.reverse()`, 'method', 0.4];
  }
}
