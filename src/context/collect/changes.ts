import { git } from './git.ts';

/** Lines (from 1, as the files are now) that differ from the last commit, by path. */
export type ChangedLines = ReadonlyMap<string, ReadonlyArray<readonly [start: number, end: number]>>;

/** What is changed and not committed, or, when nothing is, what the last commit changed; empty outside a repository. */
export async function changedLines(root: string, signal: AbortSignal): Promise<ChangedLines> {
  const uncommitted = parse(await diff(root, ['HEAD'], signal));
  return uncommitted.size > 0 ? uncommitted : parse(await diff(root, ['HEAD~1', 'HEAD'], signal));
}

async function diff(root: string, range: readonly string[], signal: AbortSignal): Promise<string> {
  const args = [
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
    '--relative',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  return (await git(root, [...args, ...range, '--'], signal)) ?? '';
}

function parse(text: string): Map<string, Array<readonly [number, number]>> {
  const found = new Map<string, Array<readonly [number, number]>>();
  let path: string | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('+++ ')) path = line.startsWith('+++ b/') ? line.slice(6).replace(/\t$/, '') : null;
    const hunk = path === null ? null : /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const start = Math.max(1, Number(hunk[1]));
    const ranges = found.get(path!) ?? [];
    ranges.push([start, start + Math.max(0, Number(hunk[2] ?? 1) - 1)]);
    found.set(path!, ranges);
  }
  return found;
}
