import type { Language, Sort } from './language.ts';
import { child, operands, type SyntaxNode } from './syntax.ts';

const CALLS: Readonly<Record<string, Sort>> = {
  ...of('number', 'len sum abs int float round ord floor ceil sqrt min max count index indexOf parseInt Number pow'),
  ...of('number', 'charCodeAt trunc lastIndexOf find log reduce'),
  ...of('string', 'str chr join lower upper strip replace toString String toLowerCase toUpperCase trim fromCharCode'),
  ...of('string', 'bin hex format swapcase padStart repeat charAt substring'),
  ...of(
    'list',
    'list sorted set split range map filter reversed enumerate zip tuple keys values items from Array slice',
  ),
  ...of('boolean', 'isinstance any all isdigit isalpha isupper islower startswith endswith includes some every bool'),
  ...of('boolean', 'isNaN isInteger isArray startsWith endsWith has'),
  ...of('dict', 'dict Counter defaultdict'),
};

function of(sort: Sort, names: string): Record<string, Sort> {
  return Object.fromEntries(names.split(' ').map((name) => [name, sort]));
}

/** What words in front of an operand give; signs give a number. */
const UNARY: Readonly<Record<string, Sort>> = { typeof: 'string', delete: 'boolean', void: 'unknown' };

/** What an expression's value probably is, from its form alone. */
export function sortOf(node: SyntaxNode, sortOfName: (name: string) => Sort, language: Language): Sort {
  switch (node.kind) {
    case 'unary':
      return UNARY[/^[a-z]*/.exec(node.text)![0]] ?? 'number';
    case 'number':
    case 'update':
      return 'number';
    case 'string':
    case 'template':
      return 'string';
    case 'boolean':
    case 'not':
    case 'comparison':
      return 'boolean';
    case 'list':
    case 'tuple':
    case 'set':
      return 'list';
    case 'comprehension':
      return node.type.startsWith('dictionary') ? 'dict' : 'list';
    case 'dict':
      return 'dict';
    case 'lambda':
      return 'function';
    case 'identifier':
      return sortOfName(node.text);
    case 'parenthesized':
      return inner(node.children[1], sortOfName, language);
    case 'ternary':
      return inner(child(node, 'consequence') ?? node.children[0], sortOfName, language);
    case 'binary':
      return sortOfBinary(node, sortOfName, language);
    case 'call':
    case 'new':
      return CALLS[calledName(node)] ?? 'unknown';
    case 'member':
      return /\.length$/.test(node.text) ? 'number' : /\.(PI|E)$|Infinity$/.test(node.text) ? 'number' : 'unknown';
    case 'subscript':
      return node.children.some((each) => each.kind === 'slice')
        ? inner(node.children[0], sortOfName, language)
        : 'unknown';
    default:
      return 'unknown';
  }
}

function inner(node: SyntaxNode | undefined, sortOfName: (name: string) => Sort, language: Language): Sort {
  return node ? sortOf(node, sortOfName, language) : 'unknown';
}

function sortOfBinary(node: SyntaxNode, sortOfName: (name: string) => Sort, language: Language): Sort {
  const parts = operands(node);
  if (!parts) return 'unknown';
  const left = sortOf(parts.left, sortOfName, language);
  const right = sortOf(parts.right, sortOfName, language);
  if (parts.operator.text === '+' || parts.operator.text === '*') {
    if (left === 'string' || right === 'string') return 'string';
    if (left === 'list' || right === 'list') return 'list';
    return left === 'number' || right === 'number' || parts.operator.text === '*' ? 'number' : 'unknown';
  }
  return left === 'list' ? 'list' : left === 'string' ? 'string' : 'number';
}

/** The name a call ends in: `max` of `Math.max(…)`. */
export function calledName(call: SyntaxNode): string {
  const callee = child(call, 'function') ?? child(call, 'constructor');
  if (!callee) return '';
  return callee.kind === 'member' ? callee.children.at(-1)!.text : callee.text;
}
