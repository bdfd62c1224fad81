import { Block, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const RUNNING = /^\s+Running (?:unittests )?(\S+) \((?:.*[\\/])?([^\\/)]+?)-[0-9a-f]{16}(?:\.exe)?\)$/;
const DOC = /^\s+Doc-tests (\S+)$/;
const COUNT = /^running \d+ tests?$/;
const RESULT = /^test (.+?)(?: - should panic)? \.\.\. (?:(ok|FAILED|ignored(?:, .*)?)$)?/;
const LATE = /(ok|FAILED)$/;
const BROKEN = /^error: could not compile /;

/** What `cargo test` prints: libtest's lines, and the targets cargo names on the other stream. */
export const report: ReportDefinition = {
  id: 'cargo',
  order: 52,
  wholeOutput: true,
  recognises: (source) =>
    someLine(source, /^test result: (ok|FAILED)\. /) ||
    (someLine(source, COUNT) && someLine(source, RESULT)) ||
    someLine(source, BROKEN),
  parse,
};

interface Found {
  readonly path: readonly string[];
  outcome: ReportedTest['outcome'];
  block: Block | null;
}

function parse(source: string): Report {
  const lines = reportLines(source);
  const targets = lines.map(targetOf).filter((target) => target !== null);
  const broken = lines.some((line) => BROKEN.test(line))
    ? lines.find((line) => /^error(\[E\d+\])?: /.test(line))
    : undefined;
  const blocks = split(lines);
  const tests = blocks.flatMap((block, index) => blockTests(block, targets[index]));
  const complete = blocks.every((block) => block.some((line) => line.startsWith('test result: ')));
  return { tests, complete, ...(broken === undefined ? {} : { problem: broken }) };
}

/** `sample src/lib.rs`: two packages of a workspace may have the same file. */
function targetOf(line: string): string | null {
  const running = RUNNING.exec(line);
  return running ? `${running[2]} ${running[1]}` : (DOC.exec(line)?.[1]?.concat(' documentation') ?? null);
}

/** One list of lines for each `running N tests`. */
function split(lines: readonly string[]): string[][] {
  const blocks: string[][] = [];
  for (const line of lines) {
    if (COUNT.test(line)) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}

function blockTests(lines: readonly string[], target: string | undefined): ReportedTest[] {
  const tests = new Map<string, Found>();
  let open: Found | null = null;
  let section: Block | null = null;
  for (const line of lines) {
    const result = section ? null : RESULT.exec(line);
    const title = /^---- (.+?) (?:stdout )?----$/.exec(line)?.[1];
    if (result) {
      const found: Found = {
        path: target === undefined ? [result[1]!] : [target, result[1]!],
        outcome: 'skipped',
        block: null,
      };
      open = result[2] === undefined ? found : null;
      if (result[2] !== undefined) tests.set(result[1]!, { ...found, outcome: outcomeOf(result[2]) });
    } else if (title !== undefined) {
      section = new Block();
      const found = tests.get(title);
      if (found) found.block = section;
    } else if (/^(failures:|test result: .*)$/.test(line)) section = null;
    else if (section) section.add(line);
    else if (open && LATE.test(line)) {
      tests.set(open.path.at(-1)!, { ...open, outcome: outcomeOf(LATE.exec(line)![1]!) });
      open = null;
    }
  }
  return [...tests.values()].map(({ path, outcome, block }) => ({
    path,
    outcome,
    ...(block ? { message: block.text() } : {}),
  }));
}

function outcomeOf(word: string): ReportedTest['outcome'] {
  return word === 'ok' ? 'passed' : word === 'FAILED' ? 'failed' : 'skipped';
}
