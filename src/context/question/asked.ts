import { join } from 'node:path';
import type { ChangedLines } from '../collect/changes.ts';
import { familyOf } from '../collect/kinds.ts';
import { readBytes, textOf } from '../collect/read-text.ts';
import { chunksOf } from '../index/chunks.ts';
import type { PackRequest } from '../request.ts';
import { type Distilled, distil } from './errors.ts';
import { type Question, readQuestion } from './question.ts';

const MOST_CHANGED_FILES = 20;
const MOST_NAMES = 30;

/** Reads the request's task and errors; for a stage that looks at callers, also the names of what was changed. */
export function readRequest(
  root: string,
  request: PackRequest,
  changed: ChangedLines,
  callers: boolean,
  forms: ReadonlySet<string>,
): { question: Question; failure: Distilled } {
  const failure = distil(request.errors ?? []);
  const names = callers ? changedNames(root, changed) : [];
  const task =
    names.length > 0
      ? `${request.task ?? ''}\n\n${names.map((name) => `\`${name}\``).join(' ')}`
      : (request.task ?? '');
  return { question: readQuestion(task, failure.text, forms), failure };
}

/** Definitions that hold changed lines. */
function changedNames(root: string, changed: ChangedLines): string[] {
  const names = new Set<string>();
  for (const [path, ranges] of [...changed].slice(0, MOST_CHANGED_FILES)) {
    const family = familyOf(path);
    const bytes = readBytes(join(root, path));
    if (family === null || typeof bytes === 'string') continue;
    for (const { start, end, defines } of chunksOf(textOf(bytes).split('\n'), family)) {
      if (!ranges.some(([from, to]) => from <= end && to >= start)) continue;
      const heads = defines.filter(({ line }) => ranges.some(([, to]) => line <= to));
      for (const { name } of heads) if (names.size < MOST_NAMES) names.add(name);
    }
  }
  return [...names];
}
