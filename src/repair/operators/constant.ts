import { type Context, type Edit, type Operator, replace } from '../operator.ts';
import type { SyntaxNode } from '../syntax.ts';

const COMMON = ['0', '1', '2', '-1', '3', '10'];

/** A number becomes its neighbour, another number of the function, a common one, or a variable. */
export const operator: Operator = {
  id: 'constant',
  *propose(node, context) {
    if (node.kind !== 'number' || node.role !== 'value') return;
    const place = placeOf(node);
    yield* neighbours(node, place);
    const near = context.ingredients.numbersNear(node).filter((each) => each !== node.text);
    for (const text of near.slice(0, 12)) yield replace(node, text, `in-use ${place}`);
    for (const text of COMMON)
      if (!near.includes(text) && text !== node.text) yield replace(node, text, `common ${place}`);
    yield* variables(node, context);
  },
};

/** What the number is for. */
function placeOf(node: SyntaxNode): string {
  const holder = node.parent;
  switch (holder?.kind) {
    case 'subscript':
    case 'slice':
      return 'index';
    case 'comparison':
      return 'compared';
    case 'arguments':
      return 'argument';
    case 'declarator':
    case 'assignment':
      return 'assigned';
    case 'augmented':
      return 'step';
    case 'return':
      return 'returned';
    case 'binary':
      return holder.children.some((each) => each.text === '%') ? 'modulus' : 'operand';
    default:
      return 'other';
  }
}

function* neighbours(node: SyntaxNode, place: string): Iterable<Edit> {
  const value = Number(node.text.replaceAll('_', ''));
  if (!Number.isFinite(value)) return;
  if (!Number.isInteger(value) || /[.e]/i.test(node.text)) {
    const near = [1 / value, value * 2, value / 2, value * 10, value / 10, value + 1, value - 1, 1 - value];
    for (const each of near) if (Number.isFinite(each)) yield replace(node, plain(each), 'near-float');
    return;
  }
  if (/^0[xob]/i.test(node.text)) return;
  yield replace(node, String(value + 1), `plus-one ${place}`);
  yield replace(node, value > 0 ? String(value - 1) : '-1', `minus-one ${place}`);
  if (value > 1) {
    yield replace(node, String(value + 2), 'near');
    yield replace(node, String(value - 2), 'near');
    yield replace(node, String(value * 2), 'near');
    if (value % 2 === 0) yield replace(node, String(value / 2), 'near');
    yield replace(node, String(value * 10), 'near', 0.5);
    if (value % 10 === 0) yield replace(node, String(value / 10), 'near', 0.5);
  }
  if (value !== 0) yield replace(node, `-${node.text}`, 'negated');
}

function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function* variables(node: SyntaxNode, { names }: Context): Iterable<Edit> {
  for (const { name, sort } of names.variablesAt(node))
    if (sort === 'number' || sort === 'unknown') yield replace(node, name, 'variable', sort === 'number' ? 1 : 0.5);
}
