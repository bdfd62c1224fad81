import { type Edit, type Operator, replace } from '../operator.ts';
import { reindented } from '../placing.ts';
import { simpleTests } from '../simple-tests.ts';
import { indentAt, isDefinition, isStatement, startsLine } from '../source.ts';
import { enclosing } from '../syntax.ts';

/** A statement is done only when a condition holds: a simple test of the variables, or one of the program's own. */
export const operator: Operator = {
  id: 'put-under-condition',
  *propose(node, context): Iterable<Edit> {
    const { file, vocabulary, ingredients } = context;
    if (!isStatement(node) || isDefinition(node) || !startsLine(file, node)) return;
    if (!enclosing(node.parent, 'function', 'lambda') || node.kind === 'declaration' || node.kind === 'if') return;
    const indent = indentAt(file, node.start);
    const body = reindented(file, node, indent + file.unit);
    const put = (condition: string, variant: string, weight: number) =>
      replace(node, vocabulary.guard(condition, body, indent, file.unit, file.eol), variant, weight);
    for (const [test, weight] of simpleTests(node, context)) yield put(test, 'simple', weight);
    for (const condition of ingredients.conditionsNear(node).slice(0, 8)) yield put(condition.text, 'in-use', 0.8);
  },
};
