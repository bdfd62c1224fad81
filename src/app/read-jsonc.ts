import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { MaestroError } from '../domain/errors.ts';

/**
 * The value of a JSONC text in the shape of a schema. Throws `bad_config` with one line that says where (file, line,
 * column, key) and what does not fit.
 */
export function readJsonc<S extends z.ZodType>(file: string, text: string, schema: S, remedy: string): z.output<S> {
  const refuse = (offset: number, what: string): never => {
    throw new MaestroError('bad_config', `${file}:${position(text, offset)}: ${what}`, remedy);
  };
  const source = text.replace(/^\uFEFF/, ' ');
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const broken = errors[0];
  if (broken) return refuse(broken.offset, words(printParseErrorCode(broken.error)));
  if (!tree) return refuse(0, 'it is empty');
  const twice = repeatedKey(tree);
  if (twice) return refuse(twice.offset, `'${twice.value}' is there twice`);
  const result = schema.safeParse(plainValue(tree));
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (unknown === undefined) return refuse(at(tree, issue.path).offset, `${place(issue.path)}: ${issue.message}`);
  const path = [...issue.path, unknown];
  const property = at(tree, path).parent;
  return refuse(property?.offset ?? 0, `'${place(path)}' is not a key that may be set here`);
}

/** `InvalidSymbol` → `invalid symbol` */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** The node of a path, or of the deepest part of it that is there. */
function at(tree: Node, path: readonly PropertyKey[]): Node {
  const segments = path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  for (let length = segments.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, segments.slice(0, length));
    if (node) return node;
  }
  return tree;
}

function repeatedKey(node: Node): Node | null {
  if (node.type === 'object') {
    const seen = new Set<unknown>();
    for (const key of (node.children ?? []).map((property) => property.children![0]!)) {
      if (seen.has(key.value)) return key;
      seen.add(key.value);
    }
  }
  for (const child of node.children ?? []) {
    const found = repeatedKey(child);
    if (found) return found;
  }
  return null;
}

/** The plain value; `__proto__` is a key like any other. */
function plainValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map(
    ({ children }) => [children![0]!.value, plainValue(children![1]!)] as const,
  );
  return Object.fromEntries(entries);
}

/** Line and column from 1. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function place(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>(
      (all, step) =>
        typeof step === 'number' ? `${all}[${step}]` : all === '' ? String(step) : `${all}.${String(step)}`,
      '',
    ) || 'the file'
  );
}
