import { Block, indentOf, Outline, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const RESULT = /^( *)(✔|✖|﹣|⚠|▶) (.*?)(?: \([\d.]+ms\)(?: # (.*))?)?$/;
const SUMMARY = /^ℹ (?:tests|pass|fail) (\d+)$/;

/** What node:test's `spec` reporter prints. */
export const report: ReportDefinition = {
  id: 'node-spec',
  order: 61,
  recognises: (source) => someLine(source, /^ℹ tests \d+$/) && someLine(source, /^ℹ pass \d+$/),
  parse,
};

function parse(source: string): Report {
  const lines = reportLines(source);
  const end = lines.findIndex((line) => SUMMARY.test(line));
  const tests = outline(lines.slice(0, end));
  const messages = failures(lines.slice(end));
  const said = (test: ReportedTest) => messages.get(test.path.at(-1) ?? test.file ?? '')?.shift();
  return {
    tests: tests.map((test) => (test.outcome === 'failed' ? { ...test, message: said(test) ?? '' } : test)),
    complete: end >= 0,
  };
}

const FILE = /^\S+\.[cm]?[jt]sx?$/;

/** `▶` opens a suite; the result at the same indentation that has its name closes it. */
function outline(lines: readonly string[]): ReportedTest[] {
  const tests: ReportedTest[] = [];
  const suites = new Outline();
  const open = new Map<number, string>();
  for (const line of lines) {
    const match = RESULT.exec(line);
    if (!match) continue;
    const [, , mark, name = '', directive = ''] = match;
    const indent = indentOf(line);
    const path = [...suites.at(indent), name];
    if (mark === '▶' && !/ \([\d.]+ms\)/.test(line)) {
      suites.open(indent, name);
      open.set(indent, name);
    } else if (open.get(indent) === name) open.delete(indent);
    else if (mark !== '▶')
      tests.push({
        ...(indent === 0 && FILE.test(name) ? { file: name, path: [] } : { path }),
        outcome: outcomeOf(mark!, directive),
      });
  }
  return tests;
}

function outcomeOf(mark: string, directive: string): ReportedTest['outcome'] {
  if (/^(SKIP|TODO)/.test(directive) || mark === '﹣' || mark === '⚠') return 'skipped';
  return mark === '✔' ? 'passed' : 'failed';
}

/** Messages of the failed tests by their own names, in the order printed. */
function failures(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let name: string | null = null;
  let block = new Block();
  const close = () => {
    if (name !== null) found.set(name, [...(found.get(name) ?? []).slice(0, 100), block.text()]);
    block = new Block();
    name = null;
  };
  for (const line of lines) {
    const match = /^✖ (.*?)(?: \([\d.]+ms\))?$/.exec(line);
    if (match && match[1] !== 'failing tests:') {
      close();
      name = match[1]!;
    } else if (/^test at .*:\d+:\d+$/.test(line)) close();
    else if (name !== null) block.add(line);
  }
  close();
  return found;
}
