import type { SourceFile } from './source.ts';
import { functionOf } from './source.ts';
import { type SyntaxNode, walk } from './syntax.ts';

/** Pieces of the program that a repair may be made of. */
export interface Ingredients {
  /** Expressions of the node's function (then of the file), one a text, nearest first; names and literals left out. */
  expressionsNear(node: SyntaxNode): readonly SyntaxNode[];
  conditionsNear(node: SyntaxNode): readonly SyntaxNode[];
  statementsNear(node: SyntaxNode): readonly SyntaxNode[];
  numbersNear(node: SyntaxNode): readonly string[];
  stringsNear(node: SyntaxNode): readonly string[];
  /** Quoted texts and single words of comments and docstrings. */
  readonly documented: readonly string[];
  /** Names of methods and properties in use. */
  readonly properties: readonly string[];
}

const CAP = 60;

/** Gathers the ingredients of a file. */
export function readIngredients(file: SourceFile): Ingredients {
  const perFunction = new Map<SyntaxNode, Pieces>();
  const whole = pieces(file.nodes);
  const near = (node: SyntaxNode): Pieces => {
    const scope = functionOf(node);
    let found = perFunction.get(scope);
    if (!found) {
      found = pieces([...walk(scope)]);
      perFunction.set(scope, found);
    }
    return found;
  };
  const pools = new Map<Pieces, Map<string, SyntaxNode[]>>();
  const nodes = (node: SyntaxNode, key: 'expressions' | 'conditions') => {
    const own = near(node);
    const known = pools.get(own) ?? new Map<string, SyntaxNode[]>();
    pools.set(own, known);
    if (!known.has(key)) known.set(key, uniqueByText([...own[key], ...whole[key].slice(0, CAP)]));
    return nearest(known.get(key)!, node);
  };
  return {
    expressionsNear: (node) => nodes(node, 'expressions'),
    conditionsNear: (node) => nodes(node, 'conditions'),
    statementsNear: (node) => nearest(near(node).statements, node),
    numbersNear: (node) => unique([...near(node).numbers, ...whole.numbers.slice(0, CAP)]),
    stringsNear: (node) => unique([...near(node).strings, ...whole.strings.slice(0, CAP)]),
    documented: documentedTexts(file),
    properties: unique(file.nodes.filter((each) => each.kind === 'property').map((each) => each.text)),
  };
}

interface Pieces {
  readonly expressions: SyntaxNode[];
  readonly conditions: SyntaxNode[];
  readonly statements: SyntaxNode[];
  readonly numbers: string[];
  readonly strings: string[];
}

const COMPOSED = new Set([
  'binary',
  'call',
  'new',
  'subscript',
  'member',
  'unary',
  'list',
  'dict',
  'comprehension',
  'tuple',
]);
const TESTS = new Set(['comparison', 'logical', 'not']);
const SIMPLE_STATEMENTS = new Set([
  'expression-statement',
  'return',
  'break',
  'continue',
  'declaration',
  'throw',
  'if',
]);

function pieces(nodes: readonly SyntaxNode[]): Pieces {
  const values = nodes.filter((node) => node.role === 'value');
  return {
    expressions: values.filter((node) => node.kind && COMPOSED.has(node.kind) && node.text.length <= 80),
    conditions: values.filter((node) => node.kind && TESTS.has(node.kind) && node.text.length <= 120),
    statements: nodes.filter(
      (node) =>
        node.kind && SIMPLE_STATEMENTS.has(node.kind) && node.parent?.kind === 'block' && node.text.length <= 200,
    ),
    numbers: unique(values.filter((node) => node.kind === 'number').map((node) => node.text)),
    strings: unique(values.filter((node) => node.kind === 'string').map((node) => node.text)),
  };
}

function nearest(nodes: readonly SyntaxNode[], to: SyntaxNode): SyntaxNode[] {
  return [...nodes].sort((a, b) => Math.abs(a.line - to.line) - Math.abs(b.line - to.line)).slice(0, CAP);
}

function uniqueByText(nodes: readonly SyntaxNode[]): SyntaxNode[] {
  const seen = new Set<string>();
  return nodes.filter((node) => !seen.has(node.text) && seen.add(node.text));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function documentedTexts(file: SourceFile): string[] {
  const prose = file.nodes.filter((node) => node.kind === 'comment' || node.kind === 'docstring');
  const texts = prose.flatMap(({ text }) => [
    ...[...text.matchAll(/(?<![\w'"])(['"])((?:(?!\1)[^\\\n]){0,40})\1(?![\w'"])/g)].map((match) => match[2]!),
    ...(text.match(/[\p{L}_][\p{L}\d_]+|\d+/gu) ?? []),
  ]);
  return unique(texts).slice(0, 400);
}
