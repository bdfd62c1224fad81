/** The whole new content of one file, relative to the workspace (`/` separators); `null` deletes it. */
export interface FileChange {
  readonly path: string;
  readonly content: string | null;
}

/** The one form every candidate patch is brought to: at most one change a path, sorted by path. */
export type ChangeSet = readonly FileChange[];

/** Sorts by path and lets the last change of a path win. */
export function changeSet(changes: Iterable<FileChange>): ChangeSet {
  const byPath = new Map<string, FileChange>();
  for (const change of changes) byPath.set(change.path, change);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Text that two change sets share exactly when they leave the same files behind. */
export function changeKey(changes: ChangeSet): string {
  return JSON.stringify(changes.map(({ path, content }) => [path, content]));
}
