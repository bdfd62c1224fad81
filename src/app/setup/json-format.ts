import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { badConfig, type ConfigFormat, edited, layoutOf, type ServerEntry, sameValue } from './config-format.ts';

/** What a host reads beyond plain JSON. */
export interface Dialect {
  readonly comments: boolean;
  readonly trailingCommas: boolean;
}

const BOM = '\uFEFF';

/** Settings in JSON, as far as the host itself reads it. */
export function jsonFormat(dialect: Dialect): ConfigFormat {
  return {
    read: (text, path) => entryAt(rootOf(text, dialect), path),
    put: (text, path, entry) => withoutMark(text, (plain) => put(plain, path, entry, dialect)),
    drop: (text, path) => withoutMark(text, (plain) => drop(plain, path, dialect)),
  };
}

function put(text: string, path: readonly string[], entry: ServerEntry, dialect: Dialect): string {
  if (entryAt(rootOf(text, dialect), path) === undefined) return insert(text, path, entry, dialect);
  return Object.entries(entry).reduce((out, [key, value]) => set(out, [...path, key], value, dialect), text);
}

/** Replaces the value at a path, or adds the key; a value that says the same already stays as it is written. */
function set(text: string, path: readonly string[], value: unknown, dialect: Dialect): string {
  const node = findNodeAtLocation(rootOf(text, dialect)!, [...path]);
  if (!node) return insert(text, path, value, dialect);
  if (sameValue(getNodeValue(node), value)) return text;
  const depth = isOneLine(text) ? null : indentAt(text, node.offset);
  return edited(text, [{ from: node.offset, to: node.offset + node.length, by: print(text, value, depth) }]);
}

/** Adds a key, and the objects around it that are missing, as the last of the deepest object that is there. */
function insert(text: string, path: readonly string[], value: unknown, dialect: Dialect): string {
  const root = rootOf(text, dialect);
  if (!root) return wholeFile(text, nested(path, value));
  let parent = root;
  let depth = 0;
  for (let next = childOf(root, path[0]!); next; next = childOf(parent, path[depth]!)) {
    depth++;
    if (next.type !== 'object') throw badConfig(`${path.slice(0, depth).join('.')} is not an object`);
    parent = next;
  }
  return insertInto(text, parent, path[depth]!, nested(path.slice(depth + 1), value));
}

function insertInto(text: string, parent: Node, key: string, value: unknown): string {
  const { eol, indent } = layoutOf(text);
  const close = parent.offset + parent.length - 1;
  const last = parent.children?.at(-1);
  const inner = text.slice(parent.offset + 1, close);
  const comma = last ? commaAfter(text, last.offset + last.length, close) : null;
  const separator = last && comma === null ? [{ from: end(last), to: end(last), by: ',' }] : [];
  if (!inner.includes('\n') && (last || isOneLine(text))) {
    const at = comma === null ? (last ? end(last) : parent.offset + 1) : comma + 1;
    const property = `${JSON.stringify(key)}: ${print(text, value, null)}`;
    const by = `${last && comma === null ? ',' : ''}${last ? ' ' : ''}${property}${comma === null ? '' : ','}`;
    return edited(text, [{ from: at, to: at, by }]);
  }
  const outer = indentAt(text, parent.offset);
  const step = last && inner.includes('\n') ? indentAt(text, last.offset) : outer + indent;
  const property = `${eol}${step}${JSON.stringify(key)}: ${print(text, value, step)}${comma === null ? '' : ','}`;
  const at = parent.offset + 1 + inner.trimEnd().length;
  const tail = inner.includes('\n') ? '' : `${eol}${outer}`;
  return edited(text, [...separator, { from: at, to: inner.includes('\n') ? at : close, by: property + tail }]);
}

/** Takes a property out with the comma that it brought, which is the reverse of inserting it last. */
function drop(text: string, path: readonly string[], dialect: Dialect): string {
  const root = rootOf(text, dialect);
  const property = root && findNodeAtLocation(root, [...path])?.parent;
  if (!property?.parent?.children) return text;
  const siblings = property.parent.children;
  const close = property.parent.offset + property.parent.length - 1;
  const before = siblings[siblings.indexOf(property) - 1];
  const own = commaAfter(text, end(property), close);
  const earlier = before && own === null ? commaAfter(text, end(before), property.offset) : null;
  const from = text.slice(0, property.offset).trimEnd().length;
  const rest = own === null ? end(property) : own + 1;
  return edited(text, [
    { from, to: rest, by: '' },
    ...(earlier === null ? [] : [{ from: earlier, to: earlier + 1, by: '' }]),
  ]);
}

function rootOf(text: string, { comments, trailingCommas }: Dialect): Node | undefined {
  const source = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;
  if (source.trim() === '') return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { disallowComments: !comments, allowTrailingComma: trailingCommas });
  const broken = errors[0];
  if (broken || !root) {
    const line = source.slice(0, broken?.offset ?? 0).split('\n').length;
    throw badConfig(`line ${line}: ${broken ? words(printParseErrorCode(broken.error)) : 'nothing in it'}`);
  }
  if (root.type !== 'object') throw badConfig('the whole is not an object');
  return root;
}

function entryAt(root: Node | undefined, path: readonly string[]): ServerEntry | undefined {
  let node = root;
  for (const [index, key] of path.entries()) {
    if (!node) return undefined;
    if (node.type !== 'object') throw badConfig(`${path.slice(0, index).join('.')} is not an object`);
    node = childOf(node, key);
  }
  if (!node) return undefined;
  if (node.type !== 'object') throw badConfig(`${path.join('.')} is not an object`);
  return getNodeValue(node) as ServerEntry;
}

/** The value of a key of an object; refuses what is there twice, because readers differ on which of the two counts. */
function childOf(object: Node, key: string): Node | undefined {
  const found = (object.children ?? []).filter(({ children }) => children?.[0]?.value === key);
  if (found.length > 1) throw badConfig(`'${key}' is there twice`);
  return found[0]?.children?.[1];
}

/** Where the comma after an element is, if there is one before the element's object goes on or ends. */
function commaAfter(text: string, from: number, to: number): number | null {
  const scanner = createScanner(text.slice(from, to), true);
  scanner.scan();
  const next = from + scanner.getTokenOffset();
  return next < to && text[next] === ',' ? next : null;
}

function wholeFile(text: string, value: unknown): string {
  const { eol } = layoutOf(text);
  return `${JSON.stringify(value, null, 2).replaceAll('\n', eol)}${eol}`;
}

/** A value as it stands behind a key that is indented so; null: all on one line. */
function print(text: string, value: unknown, indented: string | null): string {
  if (indented === null) return JSON.stringify(value);
  const { eol, indent } = layoutOf(text);
  return JSON.stringify(value, null, indent).replaceAll('\n', `${eol}${indented}`);
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value);
}

function isOneLine(text: string): boolean {
  const body = text.trim();
  return body.length > 2 && !body.includes('\n');
}

/** The spaces at the start of the line that an offset is in. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function end({ offset, length }: Node): number {
  return offset + length;
}

/** Works on the text without its byte order mark, and gives it back. */
function withoutMark(text: string, change: (plain: string) => string): string {
  return text.startsWith(BOM) ? BOM + change(text.slice(1)) : change(text);
}

/** `InvalidSymbol` → `invalid symbol` */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
