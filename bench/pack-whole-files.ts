import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listWorkspace } from '../src/context/collect/listing.ts';
import { workspaceKey, workspaceRoot } from '../src/context/collect/workspace.ts';
import { loadTokenCounter } from '../src/context/fit/tokens.ts';
import { openIndex } from '../src/context/index/open-index.ts';
import { distil } from '../src/context/question/errors.ts';
import { readQuestion } from '../src/context/question/question.ts';
import { rankFiles } from '../src/context/rank/rank.ts';
import { FILE_WEIGHTS, NO_STAGE, type Signal } from '../src/context/weights.ts';

const TRIED = 60;
const NOTHING = { head: '', commits: [] };

/** What one would do without more: BM25 of files (code-aware terms, tests demoted), whole files as long as they fit. */
export async function wholeFiles(
  workspace: string,
  task: string,
  budget: number,
  indexes: string,
): Promise<{ path: string; ranges: [number, number][] }[]> {
  const root = workspaceRoot(workspace);
  const { files } = await listWorkspace(root, new AbortController().signal);
  const index = await openIndex(join(indexes, workspaceKey(root)), root, files, () => {});
  try {
    const weights = Object.fromEntries(Object.keys(FILE_WEIGHTS).map((signal) => [signal, signal === 'body' ? 10 : 0]));
    const ranking = rankFiles(
      {
        root,
        index,
        history: NOTHING,
        question: readQuestion(task, ''),
        failure: distil([]),
        changed: new Map(),
        suspects: [],
        named: new Set(),
        stage: NO_STAGE,
      },
      weights as Record<Signal, number>,
    );
    const count = await loadTokenCounter();
    let left = budget;
    return ranking.files.slice(0, TRIED).flatMap(({ path }) => {
      const tokens = count(readFileSync(join(root, path), 'utf8')) + 10;
      if (tokens > left) return [];
      left -= tokens;
      return [{ path, ranges: [[1, Number.MAX_SAFE_INTEGER]] as [number, number][] }];
    });
  } finally {
    index.close();
  }
}
