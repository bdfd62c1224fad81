import type { Edit, Operator } from '../operator.ts';
import { functionOf } from '../source.ts';
import { type SyntaxNode, walk } from '../syntax.ts';

const LITERALS = new Set(['number', 'string', 'boolean']);

/** All occurrences of a literal in a function change alike; two literals of a function change places. */
export const operator: Operator = {
  id: 'everywhere',
  *propose(node, { ingredients, vocabulary }) {
    if (node.role !== 'value' || !node.kind || !LITERALS.has(node.kind)) return;
    const all = [...walk(functionOf(node))].filter((each) => each.role === 'value' && each.kind === node.kind);
    const same = all.filter((each) => each.text === node.text);
    if (same[0] !== node) return;
    if (same.length > 1 && same.length < 12) yield* changed(same, node, ingredients, vocabulary);
    const others = all.filter((each) => each.text !== node.text && each.start > node.start);
    for (const other of others.slice(0, 6))
      if (all.filter((each) => each.text === other.text).length === 1 || same.length === 1)
        yield {
          replacements: [put(node, other.text), put(other, node.text)],
          variant: `exchanged-${node.kind}`,
          weight: 1,
        };
  },
};

function* changed(
  same: readonly SyntaxNode[],
  node: SyntaxNode,
  ingredients: Parameters<Operator['propose']>[1]['ingredients'],
  vocabulary: Parameters<Operator['propose']>[1]['vocabulary'],
): Iterable<Edit> {
  const texts = new Set<string>();
  if (node.kind === 'boolean') texts.add(node.text === vocabulary.true ? vocabulary.false : vocabulary.true);
  if (node.kind === 'number') {
    const value = Number(node.text);
    if (Number.isInteger(value)) texts.add(String(value + 1)).add(String(value - 1));
    for (const each of ingredients.numbersNear(node).slice(0, 5)) texts.add(each);
  }
  if (node.kind === 'string') {
    const quote = node.text.at(-1)!;
    for (const text of ['', ' ', ',']) texts.add(`${quote}${text}${quote}`);
    for (const each of ingredients.stringsNear(node).slice(0, 5)) texts.add(each);
  }
  texts.delete(node.text);
  for (const text of texts)
    yield { replacements: same.map((each) => put(each, text)), variant: `all-${node.kind}`, weight: 1 };
}

function put(node: SyntaxNode, text: string) {
  return { start: node.start, end: node.end, text };
}
