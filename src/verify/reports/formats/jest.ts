import { Block, indentOf, Outline, reportLines, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const FILE = /^(PASS|FAIL) {1,2}(?:\S+ )?(\S+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$/;
const TOTAL = /^Tests: +(.*\d+ total)$/;
const FAILURE = /^ {2}● (.+)$/;
const RESULT = /^( +)(✓|✕|○|✎) (.*?)(?: \([\d.]+ m?s\))?$/;

/** What jest prints by default and with `--verbose`. */
export const report: ReportDefinition = {
  id: 'jest',
  order: 63,
  recognises: (source) => someLine(source, TOTAL) && someLine(source, /^Test Suites: /),
  parse,
};

interface State {
  file: string | undefined;
  readonly tests: ReportedTest[];
  readonly suites: Outline;
  failure: { readonly title: string; readonly block: Block } | null;
  /** Where the results of the file begin in `tests`. */
  start: number;
}

function parse(source: string): Report {
  const lines = reportLines(source);
  const total = lines.map((line) => TOTAL.exec(line)?.[1]).findLast(Boolean) ?? '';
  const again = lines.indexOf('Summary of all failing tests');
  const state: State = { file: undefined, tests: [], suites: new Outline(), failure: null, start: 0 };
  for (const line of again < 0 ? lines : lines.slice(0, again)) step(state, line);
  close(state);
  const named = state.tests.filter((test) => test.outcome === 'passed').length;
  const count = Number(/(\d+) passed/.exec(total)?.[1] ?? 0);
  const sure = named <= count;
  return {
    tests: sure ? state.tests : state.tests.filter((test) => test.outcome !== 'passed'),
    unnamed: sure ? count - named : count,
  };
}

function step(state: State, line: string): void {
  const file = FILE.exec(line);
  const failure = FAILURE.exec(line)?.[1];
  if (file) {
    close(state);
    state.file = file[2]!;
    state.start = state.tests.length;
    state.suites.clear();
  } else if (failure !== undefined) {
    close(state);
    state.failure = { title: failure, block: new Block() };
  } else if (/^(Test Suites|Tests): /.test(line)) {
    close(state);
    state.file = undefined;
  } else if (state.failure) state.failure.block.add(line);
  else if (state.file !== undefined) verbose(state, line);
}

function verbose(state: State, line: string): void {
  const indent = indentOf(line);
  const result = RESULT.exec(line);
  if (result) {
    const mark = result[2];
    const name = mark === '○' || mark === '✎' ? result[3]!.replace(/^(skipped|todo) /, '') : result[3]!;
    state.tests.push({
      file: state.file!,
      path: [...state.suites.at(indent), name],
      outcome: mark === '✓' ? 'passed' : mark === '✕' ? 'failed' : 'skipped',
    });
  } else if (indent >= 2 && line.trim() !== '') state.suites.open(indent, line.trim());
}

/** `a › b › name` may be a result that is there already, by its mark. */
function close(state: State): void {
  const { failure, file } = state;
  state.failure = null;
  if (!failure || failure.title === 'Console') return;
  const located = file === undefined ? {} : { file };
  const message = failure.block.text();
  if (failure.title === 'Test suite failed to run') {
    const hook = /^\s*(Cannot find module|Jest encountered|.*SyntaxError)/.test(message)
      ? false
      : state.tests.length > state.start;
    state.tests.push({
      ...located,
      path: hook ? ['(hook)'] : [],
      outcome: 'failed',
      message,
      ...(hook ? {} : { unloadable: true }),
    });
    return;
  }
  const same = state.tests.findIndex(
    (test, index) =>
      index >= state.start &&
      test.outcome === 'failed' &&
      test.message === undefined &&
      test.path.join(' › ') === failure.title,
  );
  if (same >= 0) state.tests[same] = { ...state.tests[same]!, message };
  else state.tests.push({ ...located, path: failure.title.split(' › '), outcome: 'failed', message });
}
