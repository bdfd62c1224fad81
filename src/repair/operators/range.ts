import { type Operator, operand, replace } from '../operator.ts';
import { calledName } from '../sort.ts';
import { callArguments, child, operands } from '../syntax.ts';

/** The limits and direction of a counting loop: `range(a, b, c)`, or `for (let i = a; i < b; i++)`. */
export const operator: Operator = {
  id: 'range',
  *propose(node) {
    if (node.kind === 'call' && calledName(node) === 'range') {
      const list = child(node, 'arguments');
      const given = callArguments(node);
      if (!list || given.length === 0) return;
      const [a, b, c] = given.map((each) => each.text);
      const ways = b
        ? [
            `0, ${b}`,
            `1, ${b}`,
            `${a}, ${b} + 1`,
            `${a} + 1, ${b} + 1`,
            `${a} - 1, ${b}`,
            `${b}`,
            ...(c ? [] : [`${a}, ${b}, 2`, `${b}, ${a}, -1`]),
          ]
        : [
            `1, ${a}`,
            `1, ${a} + 1`,
            `2, ${a}`,
            `2, ${a} + 1`,
            `0, ${a}, 2`,
            `1, ${a}, 2`,
            `${a} - 1, -1, -1`,
            `${a}, 0, -1`,
          ];
      for (const way of ways)
        yield replace(
          list,
          `(${way}${b && c && !way.includes(', -1') && way.split(',').length === 2 ? `, ${c}` : ''})`,
          'limits',
        );
      if (given.length === 1) yield replace(list, `(len(${a}))`, 'length', 0.5);
    }
    if (node.kind !== 'for') return;
    const condition = child(node, 'condition');
    const step = child(node, 'increment');
    const test = condition ? operands(condition) : null;
    const name = step?.children.find((each) => each.kind === 'identifier')?.text;
    if (step && name && /\+\+|\+= ?1$/.test(step.text)) yield replace(step, `${name} += 2`, 'step');
    if (step && name && /\+= ?[^1]/.test(step.text)) yield replace(step, `${name}++`, 'step');
    if (!test || !condition) return;
    const sqrt = operand(test.left);
    yield replace(condition, `${sqrt} * ${sqrt} <= ${test.right.text}`, 'limits', 0.4);
  },
};
