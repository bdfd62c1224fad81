import { type Edit, type Operator, replace } from '../operator.ts';
import { bodyOf, indentAt, isStatement, startsLine } from '../source.ts';
import { child } from '../syntax.ts';

/** `if` becomes `else if` and the other way round, `while` becomes `if`; the rest of a block moves into an `else`. */
export const operator: Operator = {
  id: 'branch',
  *propose(node, { file }) {
    const python = file.language.family === 'python';
    if (node.kind === 'elif') yield replace(node.children[0]!, 'if', 'elif-to-if');
    if (node.kind === 'if' && !python && node.parent?.kind === 'else')
      yield {
        replacements: [{ start: node.parent.start, end: node.start, text: '' }],
        variant: 'elif-to-if',
        weight: 1,
      };
    if (node.kind === 'while' && node.children[0]?.text === 'while')
      yield replace(node.children[0]!, 'if', 'while-to-if', 0.5);
    if (node.kind === 'if' && !child(node, 'alternative'))
      yield replace(node.children[0]!, 'while', 'if-to-while', 0.5);
    if (node.kind !== 'if' || !isStatement(node) || !startsLine(file, node)) return;
    const siblings = bodyOf(node.parent!);
    const previous = siblings[siblings.indexOf(node) - 1];
    if (previous?.kind === 'if' && startsLine(file, previous) && !hasElse(previous))
      yield chained(previous, node, python ? 'elif' : 'else if');
    function chained(a: typeof node, b: typeof node, word: string): Edit {
      const gap = python ? `${file.eol}${indentAt(file, b.start)}` : ' ';
      return {
        replacements: [{ start: a.end, end: b.children[0]!.end, text: `${gap}${word}` }],
        variant: 'if-to-elif',
        weight: 1,
      };
    }
  },
};

function hasElse(node: { readonly children: readonly { readonly kind: string | null }[] }): boolean {
  return node.children.some((each) => each.kind === 'else');
}
