import { jsonDocument } from '../json-document.ts';
import { isObject, outcomeOf, text } from '../json-lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const MARKS = ['"testResults"', '"numTotalTests"'];

/** What `jest --json` and vitest's `json` reporter write. */
export const report: ReportDefinition = {
  id: 'jest-json',
  order: 20,
  recognises: (source) => jsonDocument(source, MARKS) !== null,
  parse,
};

function parse(source: string): Report {
  const document = jsonDocument(source, MARKS);
  const files = Array.isArray(document?.testResults) ? document.testResults.filter(isObject) : [];
  return { tests: files.flatMap(fileTests), complete: document?.wasInterrupted !== true };
}

function fileTests(result: Readonly<Record<string, unknown>>): ReportedTest[] {
  const file = text(result.name);
  const located = file === undefined ? {} : { file };
  const assertions = Array.isArray(result.assertionResults) ? result.assertionResults.filter(isObject) : [];
  const tests = assertions.map((assertion) => ({ ...located, ...test(assertion) }));
  if (result.status !== 'failed' || tests.some(({ outcome }) => outcome === 'failed')) return tests;
  const message = text(result.message) ?? '';
  return [
    ...tests,
    {
      ...located,
      path: tests.length > 0 ? ['(hook)'] : [],
      outcome: 'failed',
      message,
      ...(tests.length > 0 ? {} : { unloadable: true }),
    },
  ];
}

function test(assertion: Readonly<Record<string, unknown>>): ReportedTest {
  const suites = Array.isArray(assertion.ancestorTitles) ? assertion.ancestorTitles.map(String) : [];
  const messages = Array.isArray(assertion.failureMessages) ? assertion.failureMessages.map(String) : [];
  return {
    path: [...suites, text(assertion.title) ?? text(assertion.fullName) ?? ''],
    outcome: outcomeOf(assertion.status),
    ...(messages.length > 0 ? { message: messages.join('\n\n') } : {}),
    ...(typeof assertion.duration === 'number' ? { ms: assertion.duration } : {}),
  };
}
