import { git } from '../collect/git.ts';
import { readHead } from '../collect/head.ts';
import type { Question } from '../question/question.ts';
import { hashTerm, termsOf } from '../question/terms.ts';
import { type History, keep, NO_HISTORY, readKept } from './kept-history.ts';
import { rarity } from './lexical.ts';

export type { History };

const MOST_COMMITS = 2_500;
const MOST_FILES_OF_A_COMMIT = 25;
const BEST_COMMITS = 40;

/** The history up to HEAD, kept in `folder` and only extended by what is new; empty outside a repository. */
export async function openHistory(folder: string, root: string, signal: AbortSignal): Promise<History> {
  const head = readHead(root) ?? (await git(root, ['rev-parse', '--verify', '-q', 'HEAD'], signal))?.trim();
  if (!head) return NO_HISTORY;
  const known = readKept(folder);
  if (known.head === head) return known;
  const fresh = (known.head && (await readLog(root, [`${known.head}..${head}`], signal))) || null;
  const isAhead =
    fresh !== null && (await git(root, ['merge-base', '--is-ancestor', known.head, head], signal)) !== null;
  const commits = isAhead ? [...fresh, ...known.commits].slice(0, MOST_COMMITS) : await readLog(root, [head], signal);
  return commits === null ? NO_HISTORY : keep(folder, { head, commits });
}

async function readLog(
  root: string,
  range: readonly string[],
  signal: AbortSignal,
): Promise<History['commits'] | null> {
  const log = await git(
    root,
    [
      'log',
      '-n',
      String(MOST_COMMITS),
      '--no-merges',
      '--no-renames',
      '--relative',
      '--name-only',
      '-z',
      '--format=%x01%s%n%b%x02',
      ...range,
    ],
    signal,
  );
  if (log === null) return null;
  return log.split('\x01').flatMap((entry) => {
    const [message, names] = entry.split('\x02');
    if (names === undefined) return [];
    const files = names
      .split('\0')
      .map((name) => name.trim())
      .filter(Boolean);
    if (files.length === 0 || files.length > MOST_FILES_OF_A_COMMIT) return [];
    const terms = new Set(
      (message!.slice(0, 1_500).match(/[\w$\u0080-\uffff]{2,}/g) ?? []).flatMap(termsOf).map(hashTerm),
    );
    return [[[...terms], files] as const];
  });
}

/** Files of the past commits whose messages are most like the question; a commit's score is shared among its files. */
export function historyScores(
  history: History,
  fileNumbers: ReadonlyMap<string, number>,
  question: Question,
): Float64Array {
  const scores = new Float64Array(fileNumbers.size);
  const weights = new Map(question.terms.map(({ hash, weight }) => [hash, weight]));
  const having = new Map<number, number>();
  for (const [terms] of history.commits)
    for (const term of terms) if (weights.has(term)) having.set(term, (having.get(term) ?? 0) + 1);
  const total = history.commits.length;
  const mean = history.commits.reduce((sum, [terms]) => sum + terms.length, 0) / Math.max(1, total);
  const ranked = history.commits
    .map(([terms, files]) => {
      let score = 0;
      for (const term of terms) if (weights.has(term)) score += weights.get(term)! * rarity(total, having.get(term)!);
      return { score: score / (0.4 + 0.6 * (terms.length / mean)), files };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, BEST_COMMITS);
  const best = ranked[0]?.score ?? 1;
  for (const { score, files } of ranked) {
    const share = (score / best) ** 2 / Math.sqrt(files.length);
    for (const path of files) {
      const file = fileNumbers.get(path);
      if (file !== undefined) scores[file]! += share;
    }
  }
  return scores;
}
