import { type Operator, replace } from '../operator.ts';
import { calledName } from '../sort.ts';
import { callArguments, child, parts } from '../syntax.ts';

/** A sort gets a key, a comparator or another direction, or loses it. */
export const operator: Operator = {
  id: 'sorting',
  *propose(node, { vocabulary }) {
    if (node.kind !== 'call' || !vocabulary.sorters.includes(calledName(node))) return;
    const list = child(node, 'arguments');
    if (!list) return;
    const given = parts(list);
    const names = given.map((each) => each.text.split('=')[0]);
    for (const text of vocabulary.sortings) {
      if (/^\(/.test(text) ? callArguments(node).length > 0 : names.includes(text.split('=')[0]!)) continue;
      if (text === 'reverse=True' && /^(min|max)$/.test(calledName(node))) continue;
      yield replace(
        list,
        given.length > 0 ? `(${given.map((each) => each.text).join(', ')}, ${text})` : `(${text})`,
        'added',
      );
    }
    for (const each of given.filter((argument) => argument.kind === 'keyword-argument')) {
      const value = child(each, 'value');
      if (value && each.text.startsWith('reverse'))
        yield replace(value, value.text === 'True' ? 'False' : 'True', 'reversed');
      if (value && each.text.startsWith('key'))
        for (const text of vocabulary.sortings) if (text.startsWith('key=')) yield replace(value, text.slice(4), 'key');
    }
  },
};
