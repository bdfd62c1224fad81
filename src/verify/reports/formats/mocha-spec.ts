import { Block, indentOf, Outline, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const PASSING = /^\s+(\d+) passing \(/;
const PASS = /^ *(?:✔|✓|√) (.*?)(?: \(\d+ms\))?$/;
const NUMBERED = /^ *\d+\) /;

/** What mocha's `spec` reporter prints, and the failures of `dot`, `min` and others. */
export const report: ReportDefinition = {
  id: 'mocha-spec',
  order: 62,
  recognises: (source) => someLine(source, PASSING),
  parse,
};

function parse(source: string): Report {
  const lines = reportLines(source);
  const end = lines.findLastIndex((line) => PASSING.test(line));
  const count = Number(PASSING.exec(lines[end] ?? '')?.[1] ?? 0);
  const told = [...outline(lines.slice(0, Math.max(0, end)))];
  const passes = told.filter((test) => test.outcome === 'passed');
  const sure = passes.length === count;
  return {
    tests: [...told.filter((test) => sure || test.outcome !== 'passed'), ...failures(lines.slice(end + 1))],
    unnamed: sure ? 0 : count,
  };
}

/** Suites are the indented lines without a mark. Printed text can look like them: only names that add up are kept. */
function* outline(lines: readonly string[]): Generator<ReportedTest> {
  const suites = new Outline();
  for (const line of lines) {
    const indent = indentOf(line);
    const pass = PASS.exec(line)?.[1];
    const pending = /^ *- (.*)$/.exec(line)?.[1];
    if (indent < 2 || line.trim() === '') continue;
    if (pass !== undefined) yield { path: [...suites.at(indent), pass], outcome: 'passed' };
    else if (pending !== undefined) yield { path: [...suites.at(indent), pending], outcome: 'skipped' };
    else if (!NUMBERED.test(line)) suites.open(indent, line.trim());
  }
}

/** `  1) suite`, deeper lines down to the one that ends with a colon, then the error. */
function failures(lines: readonly string[]): ReportedTest[] {
  const tests: Array<{ path: string[]; naming: boolean; block: Block }> = [];
  for (const line of lines) {
    const first = /^ {2}\d+\) (.*)$/.exec(line)?.[1];
    const current = tests.at(-1);
    if (first !== undefined)
      tests.push({ path: [first.replace(/:$/, '')], naming: !first.endsWith(':'), block: new Block() });
    else if (current?.naming && line.trim() !== '') {
      current.path.push(line.trim().replace(/:$/, ''));
      current.naming = !line.endsWith(':') && current.path.length < 100;
    } else current?.block.add(line);
  }
  return tests.map(({ path, block }) => ({
    path,
    outcome: 'failed',
    message: block.text(),
  }));
}
