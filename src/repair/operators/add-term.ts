import { fitted, type Operator, operand, replace, standsAlone } from '../operator.ts';

const EXTENDED = new Set([
  'identifier',
  'call',
  'subscript',
  'member',
  'parenthesized',
  'number',
  'string',
  'unary',
  'binary',
]);
const CONSTANTS = ['2', '10'];

/** A variable or constant is added to, multiplied with or taken from an expression. */
export const operator: Operator = {
  id: 'add-term',
  *propose(node, { names, sort, ingredients, vocabulary }) {
    if (node.role !== 'value' || !node.kind || !EXTENDED.has(node.kind)) return;
    if (node.field === 'function' || node.field === 'object' || node.parent?.kind === 'parenthesized') return;
    if (node.parent?.kind === 'subscript' && node.parent.children[0] === node) return;
    const own = sort(node);
    if (own === 'boolean' || own === 'function' || own === 'dict') return;
    if (node.kind === 'number' && node.parent?.kind !== 'return') return;
    const weight = own === 'unknown' ? 0.5 : 1;
    const at = node.kind === 'binary' ? operand(node) : node.text;
    const put = (text: string, variant: string, share: number) =>
      replace(node, fitted(text, node), variant, share * weight);
    for (const { name, sort: other } of names.variablesAt(node)) {
      if (other !== own && other !== 'unknown' && own !== 'unknown') continue;
      const share = other === 'unknown' ? 0.5 : 1;
      if (own === 'string' || own === 'list') {
        yield put(`${at} + ${name}`, 'concatenate', share);
        yield put(`${name} + ${at}`, 'concatenate', share);
        continue;
      }
      const signs = name === node.text ? ['*', '+'] : ['+', '-', '*', '%', '/'];
      for (const sign of signs)
        yield put(`${at} ${sign} ${name}`, sign === '+' || sign === '-' ? 'sum' : 'product', share);
    }
    if (own === 'number' && standsAlone(node))
      for (const { name, sort: other } of names.variablesAt(node))
        if (other === 'number')
          for (const text of [`- ${name} + 1`, `- ${name} - 1`, `+ ${name} - 1`])
            yield put(`${at} ${text}`, 'sum-and-step', 1);
    if (own === 'string' || (own === 'unknown' && node.parent?.kind === 'binary')) {
      for (const text of ingredients.stringsNear(node).slice(0, 6))
        yield put(`${at} + ${text}`, 'concatenate-constant', 1);
      for (const text of ["' '", "'.'", "','"]) yield put(`${at} + ${text}`, 'concatenate-constant', 0.5);
    }
    if (own === 'number' || own === 'unknown') {
      const power = vocabulary.arithmetic.includes('//') ? '//' : '/';
      for (const text of new Set([...CONSTANTS, ...ingredients.numbersNear(node).slice(0, 4)]))
        for (const sign of ['*', power, '%', '**']) yield put(`${at} ${sign} ${text}`, 'constant', 1);
    }
    for (const donor of ingredients.expressionsNear(node).slice(0, 12)) {
      const other = sort(donor);
      if (donor.kind === 'list' || donor.kind === 'dict' || (other !== own && own !== 'unknown')) continue;
      for (const sign of own === 'number' ? ['+', '-', '*'] : ['+'])
        yield put(`${at} ${sign} ${operand(donor)}`, 'expression', other === 'unknown' ? 0.4 : 1);
    }
  },
};
