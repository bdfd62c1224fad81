import type { CheckRun } from './evidence.ts';

/** A line that reports a problem: it has a place (`a.js:3`, `a.ts(3,4)`, `3:4`), or names a severity. */
const DIAGNOSTIC = /(?:^|[\s(])\S*[:(]\d+(?:[:,]\d+)?\b|\b(?:error|warning|warn)\b/i;
/** Lines that add up what others said, say where it is explained, or draw it. */
const SUMMARY =
  /^\W*(?:found|checked|total|total:|all|success|ran|done|finished|npm|yarn|pnpm|\d+ (?:errors?|warnings?|problems?|issues?|files?)\b)|\bproblems? \(|\b\d+ (?:errors?|warnings?)\b|https?:\/\//i;
/** What colours a terminal's text. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/**
 * Problems that a lint or type check reports with a change and did not report without it: lines compared without their line numbers, since a
 * change moves what comes after it. A check that fails without a line that can be told apart counts as one. `null` when it did not run.
 */
export function newProblems(before: CheckRun, after: CheckRun): number | null {
  if (!ended(before) || !ended(after)) return null;
  const known = counted(diagnostics(before.output));
  let fresh = 0;
  for (const [line, times] of counted(diagnostics(after.output))) fresh += Math.max(0, times - (known.get(line) ?? 0));
  const failsNow = after.exitCode !== 0 && before.exitCode === 0;
  return fresh === 0 && failsNow ? 1 : fresh;
}

function ended({ status, exitCode }: CheckRun): boolean {
  return exitCode !== null && exitCode !== 126 && exitCode !== 127 && status !== 'timed_out' && status !== 'cancelled';
}

function diagnostics(output: string): string[] {
  return output
    .replaceAll(COLOUR, '')
    .split('\n')
    .filter((line) => DIAGNOSTIC.test(line) && !SUMMARY.test(line))
    .map((line) => line.replace(/\d+/g, '#').replace(/\s+/g, ' ').trim());
}

function counted(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
