import { relative } from 'node:path';
import type { CheckRun } from '../domain/evidence.ts';

/** The place a parser names, and its complaint within the lines that follow. */
const PLACE = /([^\s"'()]+\.(?:[cm]?[jt]sx?|py))(?::\d+|", line \d+)/g;
const COMPLAINT = /\b(?:SyntaxError|IndentationError|TabError)\b/;
const WITHIN = 1_000;

/**
 * The file of the tree whose syntax error keeps every test from loading, when it is not a test file itself: a fault of
 * the code, not of the surroundings. `null` for any other reason, and when the runner named no test.
 */
export function brokenSource(run: CheckRun, root: string, files: readonly string[]): string | null {
  if (run.status !== 'not_started' || !run.tests) return null;
  const known = new Set(files);
  const testFiles = new Set(run.tests.map(({ file }) => file));
  for (const { outcome, message = '' } of run.tests) {
    if (outcome !== 'failed') continue;
    const complaint = COMPLAINT.exec(message)?.index;
    if (complaint === undefined) continue;
    const before = message.slice(Math.max(0, complaint - WITHIN), complaint);
    const path = [...before.matchAll(PLACE)].at(-1)?.[1];
    const place = path && relative(root, path).replaceAll('\\', '/');
    if (place && known.has(place) && !testFiles.has(place)) return place;
  }
  return null;
}
