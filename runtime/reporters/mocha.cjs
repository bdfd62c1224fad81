'use strict';
// A reporter for mocha: one JSON line a test, and mocha's own `spec` on the terminal.
const { dirname } = require('node:path');
const { realpathSync } = require('node:fs');
const { record, describe } = require('./record.cjs');

function specReporter() {
  const from = [process.cwd()];
  try {
    from.unshift(dirname(realpathSync(process.argv[1])));
  } catch {}
  try {
    const Mocha = require(require.resolve('mocha', { paths: from }));
    return (Mocha.default ?? Mocha).reporters.Spec;
  } catch {
    return class {};
  }
}

/** Suites, outermost first, then the test. */
function pathOf(runnable) {
  const path = [];
  for (let at = runnable; at && (at.title || at.parent); at = at.parent) if (at.title) path.unshift(at.title);
  return path;
}

module.exports = class MaestroReporter extends specReporter() {
  constructor(runner, options) {
    super(runner, options);
    const base = (test, outcome, error) => ({
      file: test.file ?? test.parent?.file,
      path: pathOf(test),
      outcome,
      ms: test.duration,
      message: error === undefined ? undefined : withDiff(error),
    });
    runner.on('pass', (test) => record(base(test, 'passed')));
    runner.on('pending', (test) => record(base(test, 'skipped')));
    runner.on('fail', (test, error) => {
      if (test.type !== 'hook') return record(base(test, 'failed', error));
      const path = [...pathOf(test.parent), '(hook)'];
      return record({ ...base(test, 'failed', error), path, message: `${test.title}\n${withDiff(error)}` });
    });
    runner.on('end', () => record({ end: true }));
  }
};

function withDiff(error) {
  const text = describe(error);
  if (!error || !('expected' in error) || error.showDiff === false) return text;
  try {
    return `${text}\nexpected: ${JSON.stringify(error.expected)}\nactual: ${JSON.stringify(error.actual)}`;
  } catch {
    return text;
  }
}
