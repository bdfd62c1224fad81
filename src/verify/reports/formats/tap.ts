import { Block, indentOf, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const RESULT = /^(not )?ok\b(?: +(\d+))?(?: +-)?(?: +(.*?))?( *\{)?$/;
const PLAN = /^(\d+)\.\.(\d+)(?:\s*#.*)?$/;

/** TAP 12 to 14, with subtests as node:test, tap and vitest nest them. */
export const report: ReportDefinition = {
  id: 'tap',
  order: 40,
  recognises: (source) =>
    someLine(source, /^TAP version \d+$/) ||
    (someLine(source, /^1\.\.\d+(\s*#.*)?$/) && someLine(source, /^(not )?ok\b/)),
  parse,
};

interface Point {
  readonly name: string;
  readonly ok: boolean;
  readonly skipped: boolean;
  readonly block: Block;
  children: Point[];
  /** Its subtests follow it in braces, as vitest prints files and suites. */
  opens?: boolean;
}

const MAX_DEPTH = 100;

/** Results by depth: those of a depth that wait for the result they are subtests of. */
class Tree {
  readonly levels: Point[][] = [[]];
  last: Point | null = null;

  add(depth: number, point: Point, opens: boolean): void {
    const level = Math.min(depth, MAX_DEPTH);
    if (!opens) point.children = this.levels.slice(level + 1).flat();
    while (this.levels.length <= level) this.levels.push([]);
    this.levels.length = level + 1;
    this.levels[level]!.push(point);
    if (opens) {
      point.opens = true;
      this.levels.push(point.children);
    }
    this.last = point;
  }

  /** The `}` of subtests that stand after their result. */
  close(depth: number): void {
    this.levels.length = Math.min(this.levels.length, depth + 1);
  }
}

function parse(source: string): Report {
  const tree = new Tree();
  let planned: number | null = null;
  let block: { readonly indent: number; readonly into: Block } | null = null;
  let bailed: string | undefined;
  for (const line of reportLines(source)) {
    const indent = indentOf(line);
    const text = line.slice(indent);
    if (block && (indent >= block.indent || text === '') && text !== '...') block.into.add(line);
    else if (block && text === '...') block = null;
    else if (text === '---' && tree.last) block = { indent: 0, into: tree.last.block };
    else {
      block = null;
      const result = RESULT.exec(text);
      const plan = indent === 0 ? PLAN.exec(text) : null;
      if (result) tree.add(indent >> 2, point(result), result[4] !== undefined);
      else if (plan) planned = (planned ?? 0) + Math.max(0, Number(plan[2]) - Number(plan[1]) + 1);
      else if (text === '}') tree.close(indent >> 2);
      else if (text.startsWith('Bail out!')) bailed = text;
      else if (indent > 0 && tree.last && !text.startsWith('#') && !PLAN.test(text)) tree.last.block.add(line);
    }
  }
  const [top = []] = tree.levels;
  const tests = top.flatMap((entry) => [...leaves([entry])].map((test) => inFile(test, entry)));
  const complete = bailed === undefined && planned !== null && top.length >= planned;
  return { tests, complete, ...(bailed !== undefined && tests.length === 0 ? { problem: bailed } : {}) };
}

const FILE = /\.[cm]?[jt]sx?$/;

/** Test files are results of their own for node:test (when they end badly) and for vitest (always). */
function inFile(test: ReportedTest, top: Point): ReportedTest {
  const [file = '', ...path] = test.path;
  return FILE.test(file) && (path.length === 0 || top.opens) ? { ...test, file, path } : test;
}

function point(result: RegExpExecArray): Point {
  const [name, directive] = splitDirective(result[3] ?? '');
  const skipped = /^(skip|todo)\b/i.test(directive);
  return { name: name || `${result[2] ?? ''}`, ok: result[1] === undefined, skipped, block: new Block(), children: [] };
}

/** The name and what stands after the last ` # ` that is a directive; `\#` and `\\` are `#` and `\`. */
function splitDirective(text: string): [string, string] {
  const match = /(?:^|\s)#\s*((?:skip|todo|time=)[^#]*)$/i.exec(text.slice(-500));
  const name = match ? text.slice(0, text.length - match[0].length) : text;
  const plain = name.replace(/\\([#\\])/g, '$1').trim();
  if (!match || !/^time=/i.test(match[1]!)) return [plain, match?.[1] ?? ''];
  return splitDirective(name.trimEnd());
}

/** Results without subtests; one with subtests counts only when it failed and none of them did. */
function* leaves(points: readonly Point[], path: readonly string[] = []): Generator<ReportedTest, boolean> {
  let anyFailed = false;
  for (const { name, ok, skipped, block, children } of points) {
    const failedBelow = children.length > 0 && path.length < 100 ? yield* leaves(children, [...path, name]) : false;
    const failed = !ok && !skipped;
    if (children.length === 0 || (failed && !failedBelow)) {
      const full = children.length === 0 ? [...path, name] : [...path, name, '(hook)'];
      yield {
        path: full,
        outcome: skipped ? 'skipped' : ok ? 'passed' : 'failed',
        ...(failed ? { message: block.text() } : {}),
      };
    }
    anyFailed ||= failed;
  }
  return anyFailed;
}
