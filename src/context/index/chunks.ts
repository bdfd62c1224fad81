import type { Family } from '../collect/kinds.ts';
import { DEEPEST_DEFINITION, definedAt, mayDefine } from './definitions.ts';

/** Lines `start` to `end` (from 1, ends included) that belong together, and what is defined at their head. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** Names of the definitions it stands in, outermost first. */
  readonly within: readonly string[];
  /** Definitions inside, with their lines. */
  readonly defines: ReadonlyArray<{ readonly name: string; readonly line: number }>;
}

const SHORT = 5;
const LONG = 36;
const LONGEST_LINE = 400;

/** Cuts a text at its definitions: short neighbours are joined, long stretches are cut where indentation is least. */
export function chunksOf(lines: readonly string[], family: Family): Chunk[] {
  const heads = headsOf(lines, family);
  const chunks: Chunk[] = [];
  for (const chunk of joinShort(heads, lines.length)) addSplit(chunk, lines, chunks);
  return chunks;
}

interface Head {
  readonly start: number;
  readonly line: number;
  readonly name: string;
  readonly within: readonly string[];
}

/** Every definition line, its start moved up over decorators and comments that belong to it. */
function headsOf(lines: readonly string[], family: Family): Head[] {
  const deepest = DEEPEST_DEFINITION[family] ?? 12;
  const heads: Head[] = [];
  const open: { indent: number; name: string }[] = [];
  let at = 0;
  let indent = 0;
  const closing = (): string => closingLine(lines, at, indent);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.length > LONGEST_LINE) continue;
    at = i;
    indent = indentOf(line);
    if (indent === line.length || indent > deepest) continue;
    const name = mayDefine(family, line.charCodeAt(indent)) ? definedAt(family, line, indent, closing) : null;
    if (name === null) continue;
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const within = open.map((outer) => outer.name);
    if (name) open.push({ indent, name });
    heads.push({ start: leadIn(lines, i, heads.at(-1)?.line ?? 0) + 1, line: i + 1, name, within });
  }
  return heads;
}

const MOST_PARAMETER_LINES = 40;

/** The next line after one that is indented no deeper; '' where none is near. */
export function closingLine(lines: readonly string[], at: number, indent: number): string {
  for (let i = at + 1; i < lines.length && i <= at + MOST_PARAMETER_LINES; i++) {
    const own = indentOf(lines[i]!);
    if (own <= indent && own < lines[i]!.length) return lines[i]!;
  }
  return '';
}

/** How many characters of white space a line begins with. */
export function indentOf(line: string): number {
  let i = 0;
  while (i < line.length && (line.charCodeAt(i) === 32 || line.charCodeAt(i) === 9)) i++;
  return i;
}

const LEAD = /^\s*(@|#(?!include|define|if|endif|else)|\/\/|\/?\*|\[\w|<!--|"""|---)/;

function leadIn(lines: readonly string[], at: number, after: number): number {
  let i = at;
  while (i > after && at - i < 40 && LEAD.test(lines[i - 1]!)) i--;
  return i;
}

/** A chunk whose definitions know what they stand in. */
interface JoinedChunk extends Chunk {
  end: number;
  name: string;
  readonly defines: { readonly name: string; readonly line: number; readonly within: readonly string[] }[];
}

function joinShort(heads: readonly Head[], total: number): JoinedChunk[] {
  const chunks: JoinedChunk[] = [];
  let open: JoinedChunk = { start: 1, end: total, name: '', within: [], defines: [] };
  for (const head of heads) {
    if (head.start - open.start >= SHORT) {
      open.end = head.start - 1;
      chunks.push(open);
      open = { start: head.start, end: total, name: head.name, within: head.within, defines: [] };
    }
    if (open.name === '') open.name = head.name;
    if (head.name) open.defines.push({ name: head.name, line: head.line, within: head.within });
  }
  if (total >= open.start) chunks.push(open);
  return chunks;
}

function addSplit(chunk: JoinedChunk, lines: readonly string[], into: Chunk[]): void {
  if (chunk.end - chunk.start < LONG) {
    into.push(chunk);
    return;
  }
  let start = chunk.start;
  while (chunk.end - start + 1 > LONG) {
    const cut = bestCut(lines, start + LONG / 3, start + LONG);
    into.push(part(chunk, start, cut - 1, lines));
    start = cut;
  }
  into.push(part(chunk, start, chunk.end, lines));
}

function part(chunk: JoinedChunk, start: number, end: number, lines: readonly string[]): Chunk {
  const { name, defines } = chunk;
  const indent = indentOf(lines[start - 1]!);
  const around = defines.findLast(({ line }) => line < start && indentOf(lines[line - 1]!) < indent);
  const within = around ? [...around.within, around.name] : chunk.within;
  return { start, end, name, within, defines: defines.filter(({ line }) => line >= start && line <= end) };
}

/** The line to begin the next piece with: after a blank line and with the least indentation, the later the better. */
function bestCut(lines: readonly string[], from: number, to: number): number {
  let best = to;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let line = Math.floor(from); line <= to; line++) {
    const text = lines[line - 1]!;
    const indent = indentOf(text);
    if (indent === text.length) continue;
    const blankBefore = lines[line - 2]!.trim() === '';
    const closes = /^\s*[})\]]/.test(text);
    const cost = indent * 2 - (blankBefore ? 5 : 0) + (closes ? 6 : 0) - (line - from) / 10;
    if (cost <= bestCost) {
      bestCost = cost;
      best = line;
    }
  }
  return best;
}
