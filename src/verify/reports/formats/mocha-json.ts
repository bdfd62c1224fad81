import { jsonDocument } from '../json-document.ts';
import { isObject, text } from '../json-lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const MARKS = ['"stats"', '"passes"', '"failures"', '"pending"'];

/** What mocha's `json` reporter writes. */
export const report: ReportDefinition = {
  id: 'mocha-json',
  order: 21,
  recognises: (source) => jsonDocument(source, MARKS) !== null,
  parse,
};

function parse(source: string): Report {
  const document = jsonDocument(source, MARKS) ?? {};
  const list = (key: string) => (Array.isArray(document[key]) ? document[key].filter(isObject) : []);
  const [skipped, passed] = [list('pending'), list('passes')].map((entries) => new Set(entries.map(nameOf)));
  const outcomeOf = (entry: Readonly<Record<string, unknown>>): ReportedTest['outcome'] => {
    if (isObject(entry.err) && Object.keys(entry.err).length > 0) return 'failed';
    return skipped!.has(nameOf(entry)) ? 'skipped' : passed!.has(nameOf(entry)) ? 'passed' : 'failed';
  };
  const run = list('tests').map((entry) => test(entry, outcomeOf(entry)));
  const named = new Set(list('tests').map(nameOf));
  const hooks = list('failures').filter((entry) => !named.has(nameOf(entry)));
  return { tests: [...run, ...hooks.map((entry) => test(entry, 'failed'))] };
}

function nameOf(entry: Readonly<Record<string, unknown>>): string {
  return `${String(entry.file)} ${String(entry.fullTitle)}`;
}

/** Titles are all it gives: the full one is the suites and the title, joined by blanks. */
function test(entry: Readonly<Record<string, unknown>>, outcome: ReportedTest['outcome']): ReportedTest {
  const title = text(entry.title) ?? '';
  const full = text(entry.fullTitle) ?? title;
  const suites = full.endsWith(title) ? full.slice(0, full.length - title.length).trim() : '';
  const file = text(entry.file);
  const error = isObject(entry.err) ? entry.err : {};
  const message = text(error.stack) ?? text(error.message);
  return {
    path: [suites, title],
    outcome,
    ...(file === undefined ? {} : { file }),
    ...(outcome === 'failed' && message !== undefined ? { message } : {}),
    ...(typeof entry.duration === 'number' ? { ms: entry.duration } : {}),
  };
}
