import { Block, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const WORDS = 'PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|SUBFAIL(?:ED)?|SUBPASS(?:ED)?';
const VERBOSE = new RegExp(`^(\\S.*?\\.py::.*?) (${WORDS})(?: \\([^)]*\\))?\\s*(?:\\[ *\\d+%\\])?$`);
const PARALLEL = new RegExp(`^\\[gw\\d+\\] (?:\\[ *\\d+%\\] )?(${WORDS}) (\\S.*?\\.py::.*?) *$`);
const SUMMARY = new RegExp(`^(${WORDS})(?:\\(([^)]*)\\)|\\[([^\\]]*)\\])? (\\S.*)$`);
const END = /^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+|no tests ran) in [\d.:]+ ?s?(?: \([\d:]+\))?(?: =+)?$/;
const TITLE = /^_{2,} (.+?) _{2,}$/;
const RULE = /^={3,} .+ ={3,}$/;

/** What pytest prints, at any verbosity and with pytest-xdist. */
export const report: ReportDefinition = {
  id: 'pytest',
  order: 51,
  recognises: (source) =>
    someLine(source, /^=+ test session starts =+$/) ||
    someLine(source, /^=+ short test summary info =+$/) ||
    someLine(source, END),
  parse,
};

interface Found {
  outcome: ReportedTest['outcome'];
  message: string;
}

function parse(source: string): Report {
  const lines = reportLines(source);
  const tests = new Map<string, Found>();
  for (const line of lines) {
    const named = VERBOSE.exec(line);
    const parallel = named ? null : PARALLEL.exec(line);
    if (named) note(tests, named[1]!, named[2]!);
    else if (parallel) note(tests, parallel[2]!, parallel[1]!);
  }
  summarised(lines, tests);
  attach(sections(lines), tests);
  const end = lines.map((line) => END.exec(line)?.[1]).findLast(Boolean);
  const problem = lines.find((line) =>
    /^(ERROR: (usage|file or directory not found|not found)|ImportError while loading conftest|E {3}(SyntaxError|ModuleNotFoundError|ImportError))/.test(
      line,
    ),
  );
  return {
    tests: [...tests].map(([id, found]) => test(id, found)),
    complete: end !== undefined,
    unnamed: unnamed(end ?? '', tests),
    ...(problem === undefined ? {} : { problem: problem.replace(/^E {3}/, '') }),
  };
}

const ORDER = ['skipped', 'passed', 'failed'];

function note(tests: Map<string, Found>, id: string, word: string): void {
  const outcome = /^(FAILED|ERROR|SUBFAIL)/.test(word)
    ? 'failed'
    : /^(SKIPPED|XFAIL)/.test(word)
      ? 'skipped'
      : 'passed';
  const found = tests.get(id);
  if (!found) tests.set(id, { outcome, message: '' });
  else if (ORDER.indexOf(outcome) > ORDER.indexOf(found.outcome)) found.outcome = outcome;
}

/** The lines after `short test summary info`: a name, then maybe ` - ` and the error. */
function summarised(lines: readonly string[], tests: Map<string, Found>): void {
  const start = lines.findLastIndex((line) => /^=+ short test summary info =+$/.test(line));
  if (start < 0) return;
  for (const line of lines.slice(start + 1)) {
    const match = SUMMARY.exec(line);
    if (!match || /^\[\d+\] /.test(match[4]!)) continue;
    const parameters = match[2] ?? match[3];
    const id = `${named(match[4]!, tests)}${parameters === undefined ? '' : ` (${parameters})`}`;
    note(tests, id, match[1]!);
  }
}

function named(text: string, tests: Map<string, Found>): string {
  if (tests.has(text)) return text;
  for (let at = text.indexOf(' - '); at >= 0 && at < 1_000; at = text.indexOf(' - ', at + 1))
    if (tests.has(text.slice(0, at))) return text.slice(0, at);
  const bracket = text.indexOf('['),
    end = text.indexOf('] - ', bracket),
    dash = text.indexOf(' - ');
  if (bracket >= 0 && end > bracket && (dash < 0 || bracket < dash)) return text.slice(0, end + 1);
  return dash < 0 ? text.trimEnd() : text.slice(0, dash);
}

interface Section {
  readonly title: string;
  readonly text: string;
}

function sections(lines: readonly string[]): Section[] {
  const found: Section[] = [];
  let title: string | null = null;
  let block = new Block();
  const close = () => {
    if (title !== null) found.push({ title, text: block.text() });
    title = null;
    block = new Block();
  };
  for (const line of lines) {
    const match = TITLE.exec(line);
    if (match) {
      close();
      title = match[1]!;
    } else if (RULE.test(line)) close();
    else if (title !== null && !/^(_ )+_?$/.test(line)) block.add(line);
  }
  close();
  return found;
}

/** A section's title has dots where the id has `::`, and no file: equal ones are told apart by their order. */
function attach(found: readonly Section[], tests: Map<string, Found>): void {
  const byTitle = new Map<string, Found[]>();
  for (const [id, entry] of tests) {
    if (entry.outcome !== 'failed') continue;
    const title = (id.includes('::') ? id.slice(id.indexOf('::') + 2) : id).replaceAll('::', '.');
    byTitle.set(title, [...(byTitle.get(title) ?? []).slice(-50), entry]);
  }
  for (const { title, text } of found) {
    const name = title.replace(/^ERROR (?:at (?:setup|teardown) of|collecting) /, '');
    const entry = byTitle.get(name)?.find(({ message }) => message === '') ?? byTitle.get(name)?.at(-1);
    if (entry) entry.message = entry.message === '' ? text : `${entry.message}\n${text}`.slice(0, 20_000);
  }
}

function unnamed(end: string, tests: Map<string, Found>): number {
  const count = [...end.matchAll(/(\d+) (passed|failed|skipped|xfailed|xpassed)\b/g)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
  return Math.max(0, count - [...tests.keys()].filter((id) => id.includes('::')).length);
}

function test(id: string, { outcome, message }: Found): ReportedTest {
  const at = id.indexOf('::');
  const said = message === '' ? {} : { message };
  if (at < 0) return { file: id, path: [], outcome, unloadable: true, ...said };
  return { file: id.slice(0, at), path: [id.slice(at + 2)], outcome, ...said };
}
