import { type Edit, type Operator, operand, replace } from '../operator.ts';
import { callArguments, child, operands, parts, type SyntaxNode } from '../syntax.ts';

const COMMUTATIVE = new Set(['==', '!=', '===', '!==', '*']);

/** Operands, arguments, elements or branches change places. */
export const operator: Operator = {
  id: 'swap',
  *propose(node, { sort }) {
    const pair = node.kind === 'binary' || node.kind === 'comparison' ? operands(node) : null;
    if (pair && !COMMUTATIVE.has(pair.operator.text)) {
      const sum = pair.operator.text === '+' && sort(pair.left) === 'number';
      if (!sum) yield replace(node, `${operand(pair.right)} ${pair.operator.text} ${operand(pair.left)}`, 'operands');
    }
    if (node.kind === 'logical') yield* crossed(node);
    if (node.kind === 'call') yield* receiver(node);
    if (node.kind === 'arguments' || node.kind === 'list' || node.kind === 'tuple') yield* elements(parts(node));
    if (node.kind === 'ternary') {
      const [a, b, c] = parts(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
      if (a && b && c) yield* child(node, 'consequence') ? swapped(b, c, 'branches') : swapped(a, c, 'branches');
    }
    if (node.kind === 'if') yield* branches(node);
    if (node.kind === 'assignment') {
      const [left, right] = [child(node, 'left'), child(node, 'right')];
      if (left && right && /^[\w.[\]]+$/.test(right.text)) yield* swapped(left, right, 'sides');
    }
  },
};

function* elements(nodes: readonly SyntaxNode[]): Iterable<Edit> {
  for (let at = 0; at + 1 < nodes.length && at < 12; at++)
    yield* swapped(nodes[at]!, nodes[at + 1]!, 'elements', 1 / Math.max(1, nodes.length - 1));
  if (nodes.length === 3) yield* swapped(nodes[0]!, nodes[2]!, 'elements', 0.3);
}

/** `a == x && b == y` becomes `a == y && b == x`. */
function* crossed(node: SyntaxNode): Iterable<Edit> {
  const sides = operands(node);
  const left = sides?.left.kind === 'comparison' ? operands(sides.left) : null;
  const right = sides?.right.kind === 'comparison' ? operands(sides.right) : null;
  if (left && right) yield* swapped(left.right, right.right, 'crossed');
}

/** `a.method(b)` becomes `b.method(a)`. */
function* receiver(call: SyntaxNode): Iterable<Edit> {
  const callee = child(call, 'function');
  const first = callArguments(call)[0];
  if (callee?.kind !== 'member' || !first || first.kind === 'lambda' || first.kind === 'spread') return;
  const object = callee.children[0]!;
  yield {
    replacements: [
      { start: object.start, end: object.end, text: operand(first) },
      { start: first.start, end: first.end, text: object.text },
    ],
    variant: 'receiver',
    weight: /^[\w.]+$/.test(object.text) ? 1 : 0.4,
  };
}

function* branches(node: SyntaxNode): Iterable<Edit> {
  const then = child(node, 'consequence');
  const other = child(node, 'alternative');
  const body = other?.kind === 'else' ? parts(other)[0] : null;
  if (then && body && body.kind !== 'if' && then.type === body.type) yield* swapped(then, body, 'branches');
}

function* swapped(a: SyntaxNode, b: SyntaxNode, variant: string, weight = 1): Iterable<Edit> {
  if (a.text === b.text) return;
  yield {
    replacements: [
      { start: a.start, end: a.end, text: b.text },
      { start: b.start, end: b.end, text: a.text },
    ],
    variant,
    weight,
  };
}
