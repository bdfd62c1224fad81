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

function parse(source: string): Report {
  const tests: ReportedTest[] = [];
  let open: Array<{ name: string; outcome: ReportedTest['outcome']; ms: number; block: Block }> = [];
  let pending = new Block();
  let complete = true;
  let unnamed = 0;
  for (const line of reportLines(source)) {
    const result = RESULT.exec(line);
    const ended = result ? null : PACKAGE.exec(line);
    if (result) {
      open.push({
        name: result[3]!,
        outcome: OUTCOMES[result[2] as keyof typeof OUTCOMES],
        ms: Number(result[4]) * 1_000,
        block: pending,
      });
      complete = false;
    } else if (ended) {
      const name = ended[2]!;
      for (const { name: test, outcome, ms, block } of open)
        tests.push({
          path: [name, ...test.split('/')],
          outcome,
          ms,
          ...(outcome === 'failed' ? { message: block.text() } : {}),
        });
      if (ended[1] === 'FAIL' && !open.some(({ outcome }) => outcome === 'failed'))
        tests.push({
          path: [name, open.length > 0 ? '(process exit)' : '(file)'],
          outcome: 'failed',
          message: `${pending.text()}\n${line}`,
          ...(open.length > 0 ? {} : { unloadable: true }),
        });
      if (ended[1] === 'ok' && open.length === 0 && !/\[no test/.test(ended[3] ?? '')) unnamed++;
      open = [];
      pending = new Block();
      complete = true;
    } else if (line.startsWith('=== RUN')) pending = new Block();
    else (open.at(-1)?.block ?? pending).add(line);
  }
  return { tests, unnamed, complete };
}
