import type { Operator } from '../operator.ts';

/** Where the text does not parse: the piece goes, or an operator, comma or bracket is put there. */
export const operator: Operator = {
  id: 'syntax-error',
  *propose(node, { file }) {
    if (node.kind !== 'error') return;
    const at = (start: number, end: number, text: string, variant: string) => ({
      replacements: [{ start, end, text }],
      variant,
      weight: 1,
    });
    yield at(node.start, node.end, '', 'deleted');
    for (const position of [node.start, node.end]) {
      const gap = /[ \t]*$/.exec(file.text.slice(0, position))![0].length;
      const more = /^[ \t]*/.exec(file.text.slice(position))![0].length;
      for (const text of [' + ', ', ', ')', ']', '}', '(', ':', ';', "'", ' = ', ' == ', '.'])
        yield at(position - gap, position + more, text, 'inserted');
    }
  },
};
