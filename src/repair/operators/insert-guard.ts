import type { Context, Edit, Operator } from '../operator.ts';
import { before } from '../placing.ts';
import { indentAt, isDefinition, isStatement, startsLine, statementOf } from '../source.ts';
import { enclosing, parts, type SyntaxNode } from '../syntax.ts';

/** An early answer: `if (empty or special) return …` before a statement, a skip or an end of the loop around it. */
export const operator: Operator = {
  id: 'insert-guard',
  *propose(node, context) {
    const { file } = context;
    if (!isStatement(node) || !startsLine(file, node) || !enclosing(node.parent, 'function', 'lambda')) return;
    if (isDefinition(node)) return;
    const loop = enclosing(node.parent, 'for', 'for-each', 'while', 'function', 'lambda');
    const first =
      statementOf(node.parent!) === null ||
      node.parent?.parent?.kind === 'function' ||
      node.parent?.parent?.kind === 'lambda';
    const conditions = testsOf(node, context);
    if (first && isEarly(node))
      for (const answer of answers(node, context))
        yield* guards(node, context, conditions, `return ${answer}`, 'return');
    if (loop && loop.kind !== 'function' && loop.kind !== 'lambda')
      for (const word of ['continue', 'break']) yield* guards(node, context, conditions, word, word);
  },
};

function isEarly(node: SyntaxNode): boolean {
  const siblings = parts(node.parent!).filter(isStatement);
  return siblings.indexOf(node) <= 2 || node.kind === 'return';
}

function* guards(
  node: SyntaxNode,
  context: Context,
  conditions: readonly (readonly [string, number])[],
  body: string,
  variant: string,
): Iterable<Edit> {
  const { file, vocabulary } = context;
  const indent = indentAt(file, node.start);
  for (const [condition, weight] of conditions) {
    const text = vocabulary.guard(condition, vocabulary.statement(body), indent, file.unit, file.eol);
    yield { replacements: [before(file, node, text)], variant, weight };
  }
}

/** Conditions worth a guard: emptiness, zero, one, and the program's own. */
function testsOf(node: SyntaxNode, { names, vocabulary, ingredients }: Context): (readonly [string, number])[] {
  const tests: (readonly [string, number])[] = [];
  for (const { name, sort, isParameter } of names.variablesAt(node).slice(0, 6)) {
    const weight = isParameter ? 1 : 0.6;
    if (sort !== 'number')
      tests.push(
        [vocabulary.not(name), weight],
        [`${vocabulary.length(name)} == 0`, weight * 0.8],
        [`${vocabulary.length(name)} == 1`, weight * 0.4],
      );
    if (sort === 'number' || sort === 'unknown')
      for (const text of ['== 0', '== 1', '< 0', '<= 1', '<= 0', '< 2']) tests.push([`${name} ${text}`, weight]);
  }
  for (const condition of ingredients.conditionsNear(node).slice(0, 6))
    if (condition.start < node.start) tests.push([condition.text, 0.8], [vocabulary.not(`(${condition.text})`), 0.4]);
  return tests;
}

function answers(node: SyntaxNode, { vocabulary, names, ingredients }: Context): string[] {
  const { true: yes, false: no, null: nothing, emptyList } = vocabulary;
  const returned = ingredients
    .statementsNear(node)
    .filter((each) => each.kind === 'return')
    .map((each) => parts(each)[0]?.text ?? '');
  const parameters = names
    .variablesAt(node)
    .filter((each) => each.isParameter)
    .map((each) => each.name);
  return [
    ...new Set([
      ...returned.filter((text) => /^[\w.'"-]*$/.test(text)),
      ...parameters,
      yes,
      no,
      nothing,
      '0',
      '1',
      emptyList,
      "''",
    ]),
  ].slice(0, 9);
}
