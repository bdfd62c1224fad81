import type { Sort } from './language.ts';
import { sortOf } from './sort.ts';
import type { SourceFile } from './source.ts';
import { child, contains, enclosing, type SyntaxNode } from './syntax.ts';

/** A variable or function with the part of the program that sees it. */
export interface Binding {
  readonly name: string;
  readonly scope: SyntaxNode;
  readonly position: number;
  readonly isFunction: boolean;
  readonly isParameter: boolean;
  readonly sort: Sort;
}

/** What a file binds and uses, gathered once. */
export interface Names {
  /** Variables visible at a node, the innermost scope first, one entry a name. */
  variablesAt(node: SyntaxNode): readonly Binding[];
  functionsAt(node: SyntaxNode): readonly Binding[];
  sortOfName(name: string, at: SyntaxNode): Sort;
  isBound(name: string, at: SyntaxNode): boolean;
}

/** Reads the bindings of a file. */
export function readNames(file: SourceFile): Names {
  const bindings = file.nodes.flatMap((node) => bindingOf(node, file));
  const sorts = guessSorts(file, bindings);
  const known = bindings.map((binding) => ({ ...binding, sort: sorts.get(binding.name) ?? binding.sort }));
  const cache = new Map<SyntaxNode, readonly Binding[]>();
  const visible = (node: SyntaxNode): readonly Binding[] => {
    const scope = enclosing(node, ...file.language.scopes) ?? file.root;
    let found = cache.get(scope);
    if (!found) {
      found = visibleIn(known, scope);
      cache.set(scope, found);
    }
    return found;
  };
  const byPosition = (node: SyntaxNode) => visible(node).filter((each) => isBoundAt(each, node));
  return {
    variablesAt: (node) => byPosition(node).filter((each) => !each.isFunction),
    functionsAt: (node) => visible(node).filter((each) => each.isFunction),
    sortOfName: (name) => sorts.get(name) ?? 'unknown',
    isBound: (name, at) => visible(at).some((each) => each.name === name),
  };
}

function isBoundAt(binding: Binding, node: SyntaxNode): boolean {
  return (
    binding.position <= node.start ||
    binding.isParameter ||
    enclosing(node, 'comprehension') !== null ||
    binding.scope.kind === 'comprehension'
  );
}

function bindingOf(node: SyntaxNode, file: SourceFile): (Binding & { sort: Sort })[] {
  if (node.kind !== 'identifier' || node.role !== 'target' || !node.parent) return [];
  const holder = node.parent;
  if (holder.kind === 'keyword-argument' || holder.kind === 'class') return [];
  const names = holder.kind === 'function' && node.field === 'name';
  const inner = names ? holder.parent : node;
  const value = child(holder, 'value') ?? child(holder, 'right');
  return [
    {
      name: node.text,
      scope: enclosing(inner, ...file.language.scopes) ?? file.root,
      position: names ? 0 : node.start,
      isFunction: names || value?.kind === 'lambda',
      isParameter: enclosing(node, 'parameters') !== null || node.field === 'parameter',
      sort: 'unknown',
    },
  ];
}

function visibleIn(bindings: readonly Binding[], scope: SyntaxNode): Binding[] {
  const found = bindings
    .filter((binding) => binding.scope.parent === null || contains(binding.scope, scope))
    .sort((a, b) => b.scope.start - a.scope.start || a.position - b.position);
  const first = new Map<string, Binding>();
  for (const binding of found) if (!first.has(binding.name)) first.set(binding.name, binding);
  return [...first.values()];
}

/** Names whose uses in the file agree on what they hold: two rounds, so that one name's guess helps another's. */
function guessSorts(file: SourceFile, bindings: readonly Binding[]): Map<string, Sort> {
  const names = new Set(bindings.map((binding) => binding.name));
  const sorts = new Map<string, Sort>();
  for (let round = 0; round < 2; round++) {
    const votes = new Map<string, Map<Sort, number>>();
    for (const node of file.nodes) {
      if (node.kind !== 'identifier' || !names.has(node.text)) continue;
      const sort = evidence(node, (name) => sorts.get(name) ?? 'unknown', file);
      if (sort === 'unknown') continue;
      const forName = votes.get(node.text) ?? new Map<Sort, number>();
      forName.set(sort, (forName.get(sort) ?? 0) + 1);
      votes.set(node.text, forName);
    }
    for (const [name, counts] of votes) sorts.set(name, [...counts].sort((a, b) => b[1] - a[1])[0]![0]);
  }
  return sorts;
}

const BY_PROPERTY: Readonly<Record<string, Sort>> = {
  append: 'list',
  push: 'list',
  pop: 'list',
  extend: 'list',
  sort: 'list',
  join: 'list',
  map: 'list',
  filter: 'list',
  reduce: 'list',
  split: 'string',
  lower: 'string',
  upper: 'string',
  strip: 'string',
  charCodeAt: 'string',
  toLowerCase: 'string',
  toUpperCase: 'string',
  replace: 'string',
  keys: 'dict',
  items: 'dict',
  values: 'dict',
};

const BY_ANNOTATION: ReadonlyArray<readonly [RegExp, Sort]> = [
  [/^(List|list|Tuple|tuple|Set|set|Array|Iterable|Sequence)\b|\[\]$/, 'list'],
  [/^(int|float|number)\b/, 'number'],
  [/^(str|string)\b/, 'string'],
  [/^(bool|boolean)\b/, 'boolean'],
  [/^(Dict|dict|Record|Map)\b/, 'dict'],
];

/** What one mention of a name says about it. */
function evidence(node: SyntaxNode, sortOfName: (name: string) => Sort, file: SourceFile): Sort {
  const holder = node.parent!;
  const annotation = holder.children.find((each) => each.kind === 'type');
  if (annotation && node.role === 'target') {
    const text = annotation.text.replace(/^:\s*/, '');
    return BY_ANNOTATION.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
  }
  if (node.role === 'target') {
    const value = child(holder, 'value') ?? child(holder, 'right');
    if (holder.kind === 'for-each' || holder.kind === 'for-clause')
      return value && /^range\(/.test(value.text) ? 'number' : 'unknown';
    return value && value !== node ? sortOf(value, sortOfName, file.language) : 'unknown';
  }
  if (holder.kind === 'member' && holder.children[0] === node) {
    const property = holder.children.at(-1)!.text;
    return BY_PROPERTY[property] ?? (property === 'length' ? 'list' : 'unknown');
  }
  if (holder.kind === 'update') return 'number';
  if (holder.kind === 'subscript' && holder.children[0] === node) return 'list';
  if (holder.kind === 'arguments' && /^(len|sum|sorted|enumerate)$/.test(holder.parent?.children[0]?.text ?? ''))
    return 'list';
  if (holder.kind === 'binary' || holder.kind === 'comparison' || holder.kind === 'augmented') {
    const other = holder.children.find((each) => each.named && each !== node);
    const sort = other ? sortOf(other, sortOfName, file.language) : 'unknown';
    return sort === 'number' || sort === 'string' ? sort : 'unknown';
  }
  return 'unknown';
}
