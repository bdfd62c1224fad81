import { applyPatch, structuredPatch } from 'diff';
import type { ChangeSet, FileChange } from '../domain/change.ts';
import type { ReadText } from './patch-draft.ts';

/**
 * The change set with each of its hunks left out in turn (hunks without context, so that neighbouring edits stay
 * apart); a file made or deleted is one hunk. Empty when there is only one.
 */
export function withoutEachHunk(changes: ChangeSet, read: ReadText): ChangeSet[] {
  const smaller = changes.flatMap((change) =>
    withoutHunks(change, read(change.path)).map((left) => replace(changes, change, left)),
  );
  return smaller.length > 1 ? smaller : [];
}

/** The file with one hunk less, for each hunk; `null` when nothing of the change is left. */
function withoutHunks(change: FileChange, before: string | null): Array<FileChange | null> {
  if (before === null || change.content === null) return [null];
  const patch = structuredPatch(change.path, change.path, before, change.content, '', '', { context: 0 });
  if (patch.hunks.length < 2) return [null];
  return patch.hunks.map((dropped) => {
    const hunks = patch.hunks.filter((hunk) => hunk !== dropped);
    const content = applyPatch(before, { ...patch, hunks }, { autoConvertLineEndings: false });
    if (content === false) throw new Error(`hunks of ${change.path} that were just made do not apply`);
    return { path: change.path, content };
  });
}

function replace(changes: ChangeSet, change: FileChange, left: FileChange | null): ChangeSet {
  return changes.flatMap((one) => (one === change ? (left ?? []) : one));
}
