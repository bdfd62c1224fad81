import type { z } from 'zod';

/** What a model's text was read as, or what is wrong with it in one line, with the path of the field. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const FENCED = /^[ \t]*```[^\n`]*\n([\s\S]*?)^[ \t]*```[ \t]*$/gm;
/** Places at which a bare value is looked for: a text full of brackets must not cost its square. */
const MAX_STARTS = 64;
const MAX_MESSAGE = 200;

/**
 * The one JSON value of the schema's shape that a model's text holds: as the whole text, in a fence, or bare among prose. Nothing is
 * repaired: a malformed value is a problem with the path of what is wrong, and so are two values that differ.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): Reading<T> {
  const values = jsonIn(text);
  if (values.length === 0) return { ok: false, problem: 'it holds no JSON object' };
  const fitting = new Map<string, T>();
  let problem: string | null = null;
  for (const value of values) {
    const read = schema.safeParse(value);
    if (read.success) fitting.set(JSON.stringify(read.data), read.data);
    else problem ??= problemOf(read.error);
  }
  const [first] = fitting.values();
  if (first === undefined) return { ok: false, problem: problem! };
  if (fitting.size > 1) return { ok: false, problem: `it holds ${fitting.size} different answers` };
  return { ok: true, value: first };
}

/** Objects and lists, as far as they parse: of the whole text, else of its fences, else of its prose. */
function jsonIn(text: string): unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  const fenced = [...text.matchAll(FENCED)].map((match) => parsed(match[1]!)).filter((value) => value !== undefined);
  return fenced.length > 0 ? fenced : bare(text);
}

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function bare(text: string): unknown[] {
  const values: unknown[] = [];
  const opening = /[{[]/g;
  for (let tries = 0; tries < MAX_STARTS; tries++) {
    const start = opening.exec(text)?.index;
    if (start === undefined) break;
    const end = endOf(text, start);
    const value = end === null ? undefined : parsed(text.slice(start, end));
    if (value === undefined) continue;
    values.push(value);
    opening.lastIndex = end!;
  }
  return values;
}

/** Where the value that begins at `start` ends; null when its brackets are not closed. */
function endOf(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function problemOf({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${pathOf(path)}: ${message}${more}`.replace(/\s+/g, ' ').slice(0, MAX_MESSAGE);
}

/** ['hypotheses', 2, 'confidence'] → `hypotheses[2].confidence` */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || 'the answer';
}
