import { type Edit, type Operator, replace } from '../operator.ts';
import type { SyntaxNode } from '../syntax.ts';

const SEPARATORS = ['', ' ', ',', ', ', '\\n', '.', '-', '_', '0'];

/** A string becomes another of the program, a common separator, itself in another case or trimmed, or a text of its documentation. */
export const operator: Operator = {
  id: 'string-constant',
  *propose(node, { ingredients }) {
    if (node.kind !== 'string' || node.role !== 'value') return;
    const parts = /^([a-zA-Z]*)(['"])(.*)\2$/s.exec(node.text);
    if (!parts || node.text.includes('"""')) return;
    const [, prefix, quote, content] = parts as unknown as [string, string, string, string];
    const as = (text: string) => `${prefix}${quote}${text}${quote}`;
    const fits = (text: string) => text !== content && !text.includes(quote) && !/\\$/.test(text);
    yield* spelled(node, content, as);
    for (const text of ingredients.stringsNear(node).slice(0, 12))
      if (text !== node.text) yield replace(node, text, 'in-use');
    for (const text of SEPARATORS)
      if (fits(text)) yield replace(node, as(text), 'separator', content.length < 3 ? 1 : 0.3);
    if (content.length === 1)
      for (const text of signsOf(ingredients.documented))
        if (fits(text)) yield replace(node, as(text), 'documented-sign');
    for (const text of ingredients.documented) {
      const near = distance(text, content);
      if (!fits(text) || near === 0) continue;
      if (near <= 2 && content.length > 2) yield replace(node, as(text), 'typo', 1 / near);
      else if (content.length < 3 ? text.length < 4 : /\W/.test(text))
        yield replace(node, as(text), 'documented', 1 / (1 + near));
    }
  },
};

/** The same text in another case, trimmed, padded, or without its first or last character. */
function* spelled(node: SyntaxNode, content: string, as: (text: string) => string): Iterable<Edit> {
  const ways: Record<string, readonly string[]> = {
    case: [
      content.toLowerCase(),
      content.toUpperCase(),
      content.charAt(0).toUpperCase() + content.slice(1).toLowerCase(),
    ],
    space: [content.trim(), ` ${content}`, `${content} `, content.replaceAll(' ', '')],
    cut: /\\/.test(content) || content.length < 2 ? [] : [content.slice(1), content.slice(0, -1)],
    reversed: /\\/.test(content) ? [] : [[...content].reverse().join('')],
    twice: content.length > 0 && content.length < 3 ? [content + content] : [],
  };
  for (const [variant, texts] of Object.entries(ways))
    for (const text of texts) if (text !== content) yield replace(node, as(text), variant);
}

/** The brackets, signs and other marks in the documentation's examples. */
function signsOf(documented: readonly string[]): string[] {
  const marks = documented.flatMap((text) => text.match(/[^\w\s\\'"]/g) ?? []);
  return [...new Set(marks)].slice(0, 8);
}

/** Edit distance up to 3. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return Math.min(3, row[b.length]!);
}
