// A reporter for vitest (0.30 and newer): one JSON line a test, added beside the reporters in use.
import records from './record.cjs';

const { record } = records;

function messageOf(errors) {
  return errors?.map((error) => [textOf(error), error.diff].filter(Boolean).join('\n')).join('\n\n');
}

function textOf(error) {
  const stack = error.stack || error.stackStr || '';
  const message = `${error.name ? `${error.name}: ` : ''}${error.message ?? ''}`;
  return stack.includes(error.message ?? '') ? stack : `${message}\n${stack}`;
}

function isSkipped(task) {
  return (
    task.mode === 'skip' || task.mode === 'todo' || task.result?.state === 'skip' || task.result?.state === undefined
  );
}

/** Tasks as the runner keeps them: the same shape in every version so far. */
function visit(task, file, path) {
  const failed = task.result?.state === 'fail';
  if (task.type === 'suite') {
    for (const child of task.tasks) visit(child, file, task === file ? [] : [...path, task.name]);
    const own = failed && task.result.errors?.length > 0;
    if (!own) return;
    const isFile = task === file || task.filepath !== undefined;
    const hook = isFile && task.tasks.length > 0 ? ['(hook)'] : isFile ? [] : [...path, task.name, '(hook)'];
    record({
      file: file.filepath,
      path: hook,
      outcome: 'failed',
      message: messageOf(task.result.errors),
      unloadable: hook.length === 0,
    });
    return;
  }
  record({
    file: file.filepath,
    path: [...path, task.name],
    outcome: failed ? 'failed' : isSkipped(task) ? 'skipped' : 'passed',
    message: failed ? messageOf(task.result.errors) : undefined,
    ms: task.result?.duration,
  });
}

export default class MaestroReporter {
  seen = new Set();
  over = false;

  file(task) {
    if (!task || this.seen.has(task)) return;
    this.seen.add(task);
    visit(task, task, []);
  }

  finish(files, errors) {
    if (this.over) return;
    this.over = true;
    for (const file of files) this.file(file);
    for (const error of errors ?? [])
      record({ path: ['(unhandled error)', '(hook)'], outcome: 'failed', message: messageOf([error]) });
    record({ end: true });
  }

  onTestModuleEnd(module) {
    this.file(module.task);
  }

  onTestRunEnd(modules, errors, reason) {
    if (reason !== 'interrupted')
      this.finish(
        modules.map((module) => module.task),
        errors,
      );
  }

  onFinished(files = [], errors = []) {
    this.finish(files, errors);
  }
}
