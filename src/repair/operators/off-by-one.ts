import { type Operator, operand, replace, standsAlone } from '../operator.ts';
import { enclosing, operands } from '../syntax.ts';

const STEPPABLE = new Set(['identifier', 'call', 'member', 'subscript', 'binary', 'unary', 'parenthesized']);

/** An expression is one more or one less: bounds, indices, slices, loop limits. */
export const operator: Operator = {
  id: 'off-by-one',
  *propose(node, { sort }) {
    if (node.role !== 'value' || !node.kind || !STEPPABLE.has(node.kind)) return;
    if (node.field === 'function' || node.field === 'object' || node.parent?.kind === 'parenthesized') return;
    if (node.parent?.kind === 'subscript' && node.parent.children[0] === node) return;
    const kind = sort(node);
    if (kind !== 'number' && kind !== 'unknown') return;
    const place = placeOf(node);
    const weight = kind === 'number' ? 1 : 0.5;
    const parts = operands(node);
    const stepped = parts?.right.text === '1' && /^[+-]$/.test(parts.operator.text);
    if (stepped) yield replace(node, parts.left.text, 'dropped');
    const text = node.kind === 'binary' && /^[+-]$/.test(parts?.operator.text ?? '') ? node.text : operand(node);
    const open = standsAlone(node) || isSum(node.parent);
    for (const step of [' + 1', ' - 1']) {
      const changed = `${text}${step}`;
      yield replace(node, open ? changed : `(${changed})`, place, weight);
    }
  },
};

function isSum(parent: { kind: string | null } | null): boolean {
  return parent?.kind === 'comparison';
}

function placeOf(node: Parameters<Operator['propose']>[0]): string {
  const holder = node.parent;
  if (holder?.kind === 'slice' || holder?.kind === 'subscript') return 'index';
  if (holder?.kind === 'comparison') return enclosing(holder, 'for', 'while') ? 'loop-bound' : 'comparison';
  if (holder?.kind === 'arguments') return /^range\b/.test(holder.parent?.text ?? '') ? 'loop-bound' : 'argument';
  if (holder?.kind === 'return') return 'result';
  if (holder?.kind === 'declarator' || holder?.kind === 'assignment') return 'assigned';
  if (holder?.kind === 'binary') return 'operand';
  return 'other';
}
