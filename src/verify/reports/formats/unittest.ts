import { Block, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const RAN = /^Ran (\d+) tests? in [\d.]+s$/;
const HEADER = /(\w+) \(([\w.<>]+)\)((?: \[[^\]\n]*\])?(?: \([^)\n]*\))?)/;
const LINE = new RegExp(`${HEADER.source} \\.\\.\\. `, 'g');
const DOCUMENTED = new RegExp(`^${HEADER.source}$`);
const SECTION = new RegExp(`^(FAIL|ERROR|UNEXPECTED SUCCESS): ${HEADER.source}`);
const STATUS = /^(ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)$/;

/** What `python -m unittest` prints, with and without `-v`, Python 2.7 and newer. */
export const report: ReportDefinition = {
  id: 'unittest',
  order: 50,
  recognises: (source) => someLine(source, RAN) || someLine(source, new RegExp(`^${SECTION.source.slice(1)}`)),
  parse,
};

interface Found {
  outcome: ReportedTest['outcome'];
  message: string;
}

function parse(source: string): Report {
  const lines = reportLines(source);
  const ran = lines.map((line) => RAN.exec(line)).findLast(Boolean);
  const tests = new Map<string, Found>();
  const sections = lines.findIndex((line, index) => line.startsWith('======') && SECTION.test(lines[index + 1] ?? ''));
  spoken(lines.slice(0, sections < 0 ? lines.length : sections), tests, ran !== undefined);
  if (sections >= 0) failures(lines.slice(sections), tests);
  const count = Number(ran?.[1] ?? 0);
  const unnamed = Math.max(0, count - tests.size);
  return { tests: [...tests].map(([id, found]) => test(id, found)), complete: ran !== undefined, unnamed };
}

/** The lines of `-v`. A test's own output may stand between its name and its outcome. */
function spoken(lines: readonly string[], tests: Map<string, Found>, finished: boolean): void {
  let open: string | null = null;
  let documented: string | null = null;
  const settle = (outcome: ReportedTest['outcome']) => {
    if (open !== null) note(tests, open, outcome, '');
    open = null;
  };
  for (const line of lines) {
    let rest = line;
    for (const match of line.matchAll(LINE)) {
      if (open !== null && finished) settle('passed');
      open = identifier(match[1]!, match[2]!, match[3]!);
      rest = line.slice(match.index + match[0].length);
    }
    if (rest === line && documented !== null && line.includes(' ... ')) {
      open = documented;
      rest = line.slice(line.lastIndexOf(' ... ') + 5);
    }
    const names = DOCUMENTED.exec(line);
    documented = names ? identifier(names[1]!, names[2]!, names[3]!) : null;
    const status = STATUS.exec(rest)?.[1];
    if (open !== null && status !== undefined) settle(outcomeOf(status));
  }
  if (finished) settle('passed');
}

function outcomeOf(status: string): ReportedTest['outcome'] {
  if (status === 'ok') return 'passed';
  return status.startsWith('skipped') || status === 'expected failure' ? 'skipped' : 'failed';
}

/** Sections after a line of `=`: what failed, and how. A failed subtest fails its test. */
function failures(lines: readonly string[], tests: Map<string, Found>): void {
  let id: string | null = null;
  let parent = '';
  let block = new Block();
  const close = () => {
    if (id !== null) note(tests, id, 'failed', block.text());
    if (id !== null && parent !== id) note(tests, parent, 'failed', block.text());
    id = null;
    block = new Block();
  };
  for (const [index, line] of lines.entries()) {
    const header = lines[index - 1]?.startsWith('======') ? SECTION.exec(line) : null;
    if (header) {
      close();
      id = identifier(header[2]!, header[3]!, header[4]!);
      parent = identifier(header[2]!, header[3]!, '');
    } else if (RAN.test(line)) close();
    else if (id !== null && !/^(={60,}|-{60,})$/.test(line)) block.add(line);
  }
  close();
}

/** A test is named again by its failure, by an error in its tearDown, and by each failed subtest. */
function note(tests: Map<string, Found>, id: string, outcome: ReportedTest['outcome'], message: string): void {
  const found = tests.get(id);
  if (!found) tests.set(id, { outcome, message });
  else {
    if (outcome === 'failed') found.outcome = 'failed';
    if (message !== '')
      found.message = found.message === '' ? message : `${found.message}\n${message}`.slice(0, 20_000);
  }
}

/** Since 3.11 the bracket holds the whole name, before that only the class. */
function identifier(name: string, bracket: string, rest: string): string {
  if (/^(setUp|tearDown)(Class|Module)$/.test(name)) return `${name} (${bracket}) (hook)`;
  if (/^unittest\.loader\.(_FailedTest|ModuleImportFailure)/.test(bracket)) return `${name} (file)`;
  return `${bracket.endsWith(`.${name}`) ? bracket : `${bracket}.${name}`}${rest}`;
}

function test(id: string, { outcome, message }: Found): ReportedTest {
  return {
    id,
    path: [id],
    outcome,
    ...(message === '' ? {} : { message }),
    ...(id.endsWith(' (file)') ? { unloadable: true } : {}),
  };
}
