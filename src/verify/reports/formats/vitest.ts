import { Block, indentOf, Outline, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const TOTAL = /^ *Tests {2}(.*)$/;
const FAIL = /^ *FAIL {1,2}(?:\|[^|]+\| )?(\S.*)$/;
const RESULT = /^( *)(✓|×|↓|□|❯) (?:\|[^|]+\| )?(.*?)(?: *\d+ms| *[\d.]+s)?(?: \(\d+\))?$/;
const FILE = /^(\S+\.[cm]?[jt]sx?)(?: > (.*)| (?:\(|\[).*)?$/;

/** What vitest prints by default and with `--reporter=verbose`; `dot` names what failed. */
export const report: ReportDefinition = {
  id: 'vitest',
  order: 64,
  wholeOutput: true,
  recognises: (source) => someLine(source, /^ *Test Files {2}/) && someLine(source, TOTAL),
  parse,
};

function parse(source: string): Report {
  const lines = withoutPrinted(reportLines(source));
  const failing = lines.findIndex((line) => FAIL.test(line) || /⎯ Failed (Suites|Tests) \d+ ⎯/.test(line));
  const total = lines.map((line) => TOTAL.exec(line)?.[1]).findLast(Boolean) ?? '';
  const told = outline(lines.slice(0, failing < 0 ? lines.length : failing));
  const failed = failing < 0 ? [] : failures(lines.slice(failing));
  const count = Number(/(\d+) passed/.exec(total)?.[1] ?? 0) + Number(/(\d+) expected fail/.exec(total)?.[1] ?? 0);
  const named = told.filter((test) => test.outcome === 'passed').length;
  const sure = named <= count;
  const kept = told.filter((test) => sure || test.outcome === 'skipped');
  return { tests: joined(kept, failed), unnamed: sure ? count - named : count };
}

/** The outline has the order, the list of failures the messages. */
function joined(told: readonly ReportedTest[], failed: readonly ReportedTest[]): ReportedTest[] {
  const key = (test: ReportedTest) => JSON.stringify([test.file, test.path]);
  const messages = new Map<string, ReportedTest[]>();
  for (const test of failed) messages.set(key(test), [...(messages.get(key(test)) ?? []).slice(-100), test]);
  const tests = told.map((test) => (test.outcome === 'failed' ? (messages.get(key(test))?.shift() ?? test) : test));
  return [...tests, ...[...messages.values()].flat()];
}

/** What tests print stands under a line `stdout | file > name`, up to an empty line. */
function withoutPrinted(lines: readonly string[]): string[] {
  let printed = false;
  return lines.filter((line) => {
    if (/^std(out|err) \| /.test(line)) printed = true;
    else if (line === '') printed = false;
    return !printed;
  });
}

/** Verbose lines carry the whole name; the outline of a file is indented under it. */
function outline(lines: readonly string[]): ReportedTest[] {
  const tests: ReportedTest[] = [];
  const suites = new Outline();
  let file: string | undefined;
  for (const line of lines) {
    const match = RESULT.exec(line);
    if (!match) continue;
    const [, , mark, name = ''] = match;
    const outcome = mark === '✓' ? 'passed' : mark === '×' ? 'failed' : 'skipped';
    const indent = indentOf(line);
    const whole = indent <= 1 ? FILE.exec(name) : null;
    if (whole?.[2] !== undefined) tests.push({ file: whole[1]!, path: whole[2].split(' > '), outcome });
    else if (whole) {
      file = whole[1]!;
      suites.clear();
    } else if (file !== undefined && mark === '❯') suites.open(indent, name);
    else if (file !== undefined) tests.push({ file, path: [...suites.at(indent), name], outcome });
  }
  return tests;
}

/** ` FAIL  file > suite > name`, or ` FAIL  file [ file ]` for one that did not load; several may share a message. */
function failures(lines: readonly string[]): ReportedTest[] {
  const found: Array<{ title: string; suite: boolean; block: Block }> = [];
  let suite = false;
  let block = new Block();
  let spoken = false;
  for (const line of lines) {
    const title = FAIL.exec(line)?.[1];
    if (/⎯ Failed (Suites|Tests) \d+ ⎯/.test(line)) suite = line.includes('Suites');
    else if (title !== undefined) {
      if (spoken) block = new Block();
      spoken = false;
      found.push({ title, suite, block });
    } else if (/^ *Test Files {2}/.test(line)) break;
    else if (!/^⎯+(\[\d+\/\d+\]⎯*)?$/.test(line)) {
      spoken ||= line.trim() !== '';
      block.add(line);
    }
  }
  return found.map(failure);
}

function failure({ title, suite, block }: { title: string; suite: boolean; block: Block }): ReportedTest {
  const parts = title.replace(/ \[ .* \]$/, '').split(' > ');
  const [file = '', ...path] = parts;
  const message = block.text();
  if (path.length === 0) return { file, path: [], outcome: 'failed', message, unloadable: true };
  return { file, path: suite ? [...path, '(hook)'] : path, outcome: 'failed', message };
}
