import { Block, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const RESULT = /^( *)--- (PASS|FAIL|SKIP): (\S+) \(([\d.]+)s\)$/;
const PACKAGE = /^(ok|FAIL|\?|---) {0,3}\t(\S+)(?:\s+(.*))?$/;

/** What `go test` and `go test -v` print. */
export const report: ReportDefinition = {
  id: 'go',
  order: 60,
  recognises: (source) => someLine(source, /^(ok|FAIL|\?) {0,3}\t\S+\s+([\d.]+s|\(cached\)|\[)/),
  parse,
};

const OUTCOMES = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' } as const;

/** What is known of a package until the line that names it. */
class Package {
  readonly results: Array<{ readonly name: string; readonly outcome: ReportedTest['outcome']; readonly ms: number }> =
    [];
  readonly blocks = new Map<string, Block>();
  current = '';

  say(line: string): void {
    const block = this.blocks.get(this.current) ?? new Block();
    this.blocks.set(this.current, block);
    block.add(line);
  }

  message(test: string): string {
    return this.blocks.get(test)?.text() ?? '';
  }
}

function parse(source: string): Report {
  const tests: ReportedTest[] = [];
  let open = new Package();
  let unnamed = 0;
  for (const line of reportLines(source)) {
    const result = RESULT.exec(line);
    const ended = result ? null : PACKAGE.exec(line);
    const turn = /^=== (?:RUN|CONT|NAME|PAUSE) +(\S+)/.exec(line)?.[1];
    if (result) {
      open.current = result[3]!;
      open.results.push({
        name: result[3]!,
        outcome: OUTCOMES[result[2] as keyof typeof OUTCOMES],
        ms: Number(result[4]) * 1_000,
      });
    } else if (ended) {
      tests.push(...closed(open, ended[2]!, ended[1] === 'FAIL', line));
      if (ended[1] === 'ok' && open.results.length === 0 && !/\[no test/.test(ended[3] ?? '')) unnamed++;
      open = new Package();
    } else if (turn !== undefined) open.current = turn;
    else if (!/^(PASS|FAIL)$/.test(line)) open.say(line);
  }
  return { tests, unnamed, complete: open.results.length === 0 };
}

function closed(open: Package, name: string, failed: boolean, line: string): ReportedTest[] {
  const tests = open.results.map(({ name: test, outcome, ms }): ReportedTest => {
    const message = outcome === 'failed' ? { message: open.message(test) } : {};
    return { path: [name, ...test.split('/')], outcome, ms, ...message };
  });
  if (!failed || tests.some(({ outcome }) => outcome === 'failed')) return tests;
  const message = `${open.message(open.current)}\n${line}`;
  if (tests.length > 0) return [...tests, { path: [name, '(process exit)'], outcome: 'failed', message }];
  return [{ path: [name, '(file)'], outcome: 'failed', message, unloadable: true }];
}
