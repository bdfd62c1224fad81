'use strict';
// A reporter for jest: one JSON line a test, added beside the reporters in use.
const { record } = require('./record.cjs');

const OUTCOMES = { passed: 'passed', failed: 'failed' };

module.exports = class MaestroReporter {
  onTestResult(_test, result) {
    const file = result.testFilePath;
    for (const test of result.testResults) {
      record({
        file,
        path: [...test.ancestorTitles, test.title],
        outcome: OUTCOMES[test.status] ?? 'skipped',
        message: test.failureMessages?.join('\n\n'),
        ms: test.duration ?? undefined,
      });
    }
    const failed = result.testResults.some((test) => test.status === 'failed');
    if (result.testExecError || (!failed && result.failureMessage))
      record({
        file,
        path: result.testResults.length > 0 ? ['(hook)'] : [],
        outcome: 'failed',
        message: result.failureMessage ?? String(result.testExecError?.message),
        unloadable: true,
      });
  }

  onRunComplete(_contexts, results) {
    if (results.runExecError)
      record({ path: ['(run)'], outcome: 'failed', message: String(results.runExecError.message), unloadable: true });
    record({ end: true });
  }
};
