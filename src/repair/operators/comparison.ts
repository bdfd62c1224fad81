import { type Operator, replace } from '../operator.ts';

const BOUNDARY: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const OPPOSITE: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const MIRROR: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** A comparison operator becomes another. Strict and loose equality are not mixed. */
export const operator: Operator = {
  id: 'comparison',
  *propose(node, { vocabulary, file }) {
    if (node.kind !== 'comparison') return;
    for (const token of node.children.filter((each) => !each.named)) {
      const text = token.text.replace(/\s+/g, ' ');
      const opposite = vocabulary.oppositeTests[text];
      if (opposite) yield replace(token, opposite, 'membership');
      if (!vocabulary.comparisons.includes(text)) continue;
      const unused = strictEquality(file.text) ? /^[=!]=$/ : /^[=!]==$/;
      for (const other of vocabulary.comparisons)
        if (other !== text && !(unused.test(other) && OPPOSITE[text] !== other))
          yield replace(token, other, variantOf(text, other));
    }
  },
};

function variantOf(from: string, to: string): string {
  if (BOUNDARY[from] === to) return 'boundary';
  if (OPPOSITE[from] === to) return 'opposite';
  if (MIRROR[from] === to) return 'mirror';
  return /^[=!]/.test(from) ? 'from-equality' : /^[=!]/.test(to) ? 'to-equality' : 'other';
}

/** Whether the program writes equality with three signs. */
function strictEquality(program: string): boolean {
  return /[=!]==/.test(program) && !/[^=!]==[^=]|![=][^=]/.test(program);
}
