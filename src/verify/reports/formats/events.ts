import { lineObjects, outcomeOf, text } from '../json-lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

/** What the reporters in `runtime/reporters/` write: one JSON line a test, `{"maestro":1,"end":true}` last. */
export const report: ReportDefinition = {
  id: 'events',
  order: 0,
  recognises: (source) =>
    (source.startsWith('{') && source.slice(0, 50_000).includes('"maestro":1')) ||
    source.slice(0, 50_000).includes('"maestro": 1'),
  parse,
};

function parse(source: string): Report {
  const tests: ReportedTest[] = [];
  let complete = false;
  for (const line of lineObjects(source)) {
    if (line.maestro !== 1) continue;
    if (line.end === true) complete = true;
    else if (Array.isArray(line.path)) tests.push(test(line));
  }
  return { tests, complete };
}

function test(line: Readonly<Record<string, unknown>>): ReportedTest {
  const { id, file, message } = { id: text(line.id), file: text(line.file), message: text(line.message) };
  return {
    path: (line.path as unknown[]).map(String),
    outcome: outcomeOf(line.outcome),
    ...(id === undefined ? {} : { id }),
    ...(file === undefined ? {} : { file }),
    ...(message === undefined ? {} : { message }),
    ...(typeof line.ms === 'number' ? { ms: line.ms } : {}),
    ...(line.unloadable === true ? { unloadable: true } : {}),
  };
}
