import type { Context } from './operator.ts';
import { parts, type SyntaxNode } from './syntax.ts';

/** Most variables a test is made of. */
const VARIABLES = 8;

/** Tests of the variables at a place: truth, absence, size, against small numbers and one another; each with a weight. */
export function* simpleTests(node: SyntaxNode, context: Context): Iterable<readonly [string, number]> {
  const { names, vocabulary } = context;
  const variables = names.variablesAt(node).slice(0, VARIABLES);
  for (const { name, sort } of variables) {
    yield [vocabulary.not(name), 0.7];
    yield [name, 0.7];
    if (sort !== 'number' && sort !== 'boolean') {
      for (const test of ['== 0', '> 0', '== 1', '> 1', '!= 1']) yield [`${vocabulary.length(name)} ${test}`, 0.4];
      yield [vocabulary.isNull(name), 0.4];
    }
    if (sort !== 'number' && sort !== 'unknown') continue;
    for (const test of ['== 0', '!= 0', '> 0', '< 0', '> 1', '== 1', '< 2', '== 2']) yield [`${name} ${test}`, 1];
    for (const divisor of divisors(node, context)) {
      yield [`${name} % ${divisor} == 0`, 0.5];
      yield [`${name} % ${divisor} != 0`, 0.4];
    }
    for (const { name: other, sort: otherSort } of variables)
      if (other !== name && (otherSort === sort || otherSort === 'unknown'))
        for (const test of ['<', '==', '!=']) yield [`${name} ${test} ${other}`, 0.8];
  }
}

/** Small whole numbers of the program and of its documentation. */
function divisors(node: SyntaxNode, { ingredients }: Context): string[] {
  const numbers = [...ingredients.numbersNear(node), ...ingredients.documented, '2', '3'];
  return [...new Set(numbers.filter((each) => /^([2-9]|1\d)$/.test(each)))].slice(0, 6);
}

/** The objects whose members a condition reads: `a` of `a.next.value`. */
export function objectsOf(node: SyntaxNode): string[] {
  const own = node.kind === 'member' ? [parts(node)[0]!.text] : [];
  return [...own, ...node.children.flatMap(objectsOf)];
}
