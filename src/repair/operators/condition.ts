import { type Operator, operand, replace } from '../operator.ts';
import { objectsOf, simpleTests } from '../simple-tests.ts';
import { contains, operands, type SyntaxNode } from '../syntax.ts';

/** A condition gets another part, from the program's conditions or from simple tests of variables; or becomes always true or false. */
export const operator: Operator = {
  id: 'condition',
  *propose(node, context) {
    const { vocabulary, ingredients, names } = context;
    if (!isCondition(node)) return;
    const inner = node.kind === 'parenthesized' ? (node.children[1] ?? node) : node;
    const put = (text: string, variant: string, weight = 1) => replace(inner, text, variant, weight);
    const own = inner.kind === 'logical' && inner.text.includes(vocabulary.or) ? `(${inner.text})` : inner.text;
    const ownOr = inner.kind === 'ternary' || inner.kind === 'lambda' ? `(${inner.text})` : inner.text;
    for (const other of ingredients.conditionsNear(node)) {
      if (other.text === inner.text || contains(inner, other) || contains(other, inner)) continue;
      if (!mentions(other).every((name) => names.isBound(name, node) || !names.isBound(name, other))) continue;
      yield put(`${own} ${vocabulary.and} ${operand(other)}`, 'and-in-use', 1);
      yield put(`${ownOr} ${vocabulary.or} ${other.text}`, 'or-in-use', 1);
    }
    for (const [test, weight] of simpleTests(node, context)) {
      yield put(`${own} ${vocabulary.and} ${test}`, 'and-simple', weight);
      yield put(`${ownOr} ${vocabulary.or} ${test}`, 'or-simple', weight);
    }
    for (const object of new Set(objectsOf(inner))) {
      yield put(`${vocabulary.isNull(object)} ${vocabulary.or} ${inner.text}`, 'null-first');
      yield put(`${object} ${vocabulary.and} ${own}`, 'null-first', 0.7);
    }
    if (node.parent?.kind !== 'while' && node.parent?.kind !== 'for') {
      yield put(vocabulary.true, 'always');
      yield put(vocabulary.false, 'never');
    }
  },
};

function isCondition(node: SyntaxNode): boolean {
  const parent = node.parent;
  if (!parent || node.role !== 'value') return false;
  if (node.field === 'condition') return true;
  if (parent.kind === 'if-clause') return true;
  if (parent.kind === 'lambda' && node.field === 'body') return node.kind === 'comparison' || node.kind === 'logical';
  return parent.kind === 'return' && (node.kind === 'comparison' || node.kind === 'logical');
}

function mentions(node: SyntaxNode): string[] {
  if (node.kind === 'comparison' && !operands(node)) return [];
  return node.kind === 'identifier' ? [node.text] : node.children.flatMap(mentions);
}
