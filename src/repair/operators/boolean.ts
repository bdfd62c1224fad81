import { type Operator, replace } from '../operator.ts';
import { simpleTests } from '../simple-tests.ts';

/** A boolean is turned over; an absent value becomes something, or something becomes absent. */
export const operator: Operator = {
  id: 'boolean',
  *propose(node, context) {
    const { vocabulary, names } = context;
    if (node.role !== 'value') return;
    const { true: yes, false: no, null: nothing } = vocabulary;
    if (node.kind === 'boolean') {
      yield replace(node, node.text === yes ? no : yes, 'turned');
      for (const { name } of names.variablesAt(node)) yield replace(node, name, 'variable', 0.4);
      for (const [test, weight] of simpleTests(node, context)) yield replace(node, test, 'test', weight);
    }
    const given = node.parent?.kind === 'return' || node.field === 'right' || node.field === 'value';
    if (!given) return;
    if (node.kind === 'null')
      for (const text of ['0', "''", vocabulary.emptyList, no, '-1']) yield replace(node, text, 'from-nothing');
    else if (node.kind === 'number' || node.kind === 'string' || node.kind === 'list' || node.kind === 'boolean')
      for (const text of [nothing, no, vocabulary.emptyList, vocabulary.emptyDict, "''", '0'])
        if (text !== node.text) yield replace(node, text, 'to-empty');
  },
};
