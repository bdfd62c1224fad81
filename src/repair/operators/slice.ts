import { type Edit, type Operator, operand, replace } from '../operator.ts';
import { parts, type SyntaxNode } from '../syntax.ts';

const SLICED = new Set(['identifier', 'call', 'subscript', 'member', 'string']);

/** A part of a sequence is taken, another part of it, or the whole. */
export const operator: Operator = {
  id: 'slice',
  *propose(node, { vocabulary, names, sort }) {
    if (node.kind === 'slice') yield* bounds(node);
    if (node.role !== 'value' || !node.kind || !SLICED.has(node.kind) || node.field === 'function') return;
    if (node.field === 'object' || (node.parent?.kind === 'subscript' && node.parent.children[0] === node)) return;
    const kind = sort(node);
    if (kind === 'number' || kind === 'boolean' || kind === 'function') return;
    const weight = kind === 'unknown' ? 0.5 : 1;
    for (const template of vocabulary.slices) {
      const text = template.replace('$', () => operand(node));
      if (!template.includes('@')) yield replace(node, text, 'fixed', weight);
      else
        for (const { name, sort: other } of names.variablesAt(node))
          if (other !== 'string' && other !== 'list' && name !== node.text && /^\w+$/.test(name))
            yield replace(node, text.replace('@', name), 'at-variable', weight * (other === 'number' ? 1 : 0.4));
    }
  },
};

/** Bounds of `[a:b:c]` dropped, moved to the other side, negated; the direction turned. */
function* bounds(node: SyntaxNode): Iterable<Edit> {
  const given = ['', '', ''];
  let at = 0;
  for (const each of node.children) {
    if (each.text === ':' && !each.named) at++;
    else if (each.named) given[Math.min(at, 2)] = each.text;
  }
  const [from, to, step] = given as [string, string, string];
  const write = (a: string, b: string, c: string) => (c ? `${a}:${b}:${c}` : `${a}:${b}`);
  const ways = new Set<string>();
  if (from)
    ways
      .add(write('', to, step))
      .add(write(`-${wrapped(from)}`, to, step))
      .add(write('', from, step));
  if (to)
    ways
      .add(write(from, '', step))
      .add(write(from, `-${wrapped(to)}`, step))
      .add(write(to, '', step));
  if (step) ways.add(write(from, to, '')).add(write(from, to, step.startsWith('-') ? step.slice(1) : `-${step}`));
  else ways.add(write(from, to, '-1')).add(write(from, to, '2'));
  if (from && to) ways.add(write(to, from, step));
  if (!from) ways.add(write('1', to, step));
  if (!to) ways.add(write(from, '-1', step));
  for (const text of ways) if (text !== node.text) yield replace(node, text, 'bounds');
  if (parts(node).length === 1 && from) yield replace(node, from, 'index');
}

function wrapped(text: string): string {
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}
