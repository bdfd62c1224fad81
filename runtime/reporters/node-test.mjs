// A reporter for node:test (18.15 and newer): one JSON line a test, nothing on its own stream.
import records from './record.cjs';

const { record, describe } = records;
const FILTERED = /does not match|test name pattern/i;
const MAX_STDERR = 8_000;

/** Errors cross a process boundary: the cause is what the test threw. */
function messageOf({ error }, stderr) {
  if (!error) return undefined;
  const cause = error.cause ?? error;
  return error.exitCode === undefined ? describe(cause) : `${stderr ?? ''}\n${describe(cause)}`;
}

function isWholeFile(data) {
  if (data.nesting !== 0 || typeof data.file !== 'string') return false;
  return data.name === data.file || data.file.endsWith(`/${data.name}`) || data.file.endsWith(`\\${data.name}`);
}

export default async function* report(source) {
  const path = [];
  const stderr = new Map();
  const withChildren = new Set();
  for await (const { type, data } of source) {
    if (type === 'test:stderr' && data.file) {
      stderr.set(data.file, ((stderr.get(data.file) ?? '') + data.message).slice(-MAX_STDERR));
    } else if (type === 'test:start') {
      path.length = data.nesting;
      path[data.nesting] = data.name;
      if (data.nesting > 0) withChildren.add(data.nesting - 1);
      withChildren.delete(data.nesting);
    } else if (type === 'test:pass' || type === 'test:fail') {
      path.length = data.nesting;
      path[data.nesting] = data.name;
      finished(type === 'test:pass', data, [...path], withChildren.delete(data.nesting), stderr);
    }
  }
  record({ end: true });
  yield '';
}

function finished(passed, data, path, hasChildren, stderr) {
  const { details, file = process.argv[1] } = data;
  if (typeof data.skip === 'string' && FILTERED.test(data.skip)) return;
  const kind = details?.error?.failureType;
  const entry = { file, path: path.map(String), ms: details?.duration_ms };
  const message = details ? messageOf(details, stderr.get(file) ?? stderr.get(data.name)) : undefined;
  if (isWholeFile(data)) {
    if (kind === 'subtestsFailed' || (passed && hasChildren)) return;
    record({ ...entry, path: [], outcome: passed ? 'passed' : 'failed', message, unloadable: !passed });
  } else if (details?.type === 'suite' || (hasChildren && details?.type === undefined)) {
    if (!passed && kind !== 'subtestsFailed' && data.todo === undefined)
      record({ ...entry, path: [...entry.path, '(hook)'], outcome: 'failed', message });
  } else {
    const skipped =
      (data.skip !== undefined && data.skip !== false) || (data.todo !== undefined && data.todo !== false);
    record({
      ...entry,
      outcome: skipped ? 'skipped' : passed ? 'passed' : 'failed',
      message: passed ? undefined : message,
    });
  }
}
