/** What may have to be undone before this process ends, in this order. */
const ORDER = ['processes', 'folders'] as const;

const undoings = new Map<(typeof ORDER)[number], () => Promise<void>>();

/** Says how to undo one kind of thing; by whoever makes such things, before the first. */
export function whenEnding(kind: (typeof ORDER)[number], undo: () => Promise<void>): void {
  undoings.set(kind, undo);
}

/**
 * Ends every child and grandchild of this process, then removes its temporary folders. Loads nothing: where nothing was
 * started there is nothing to do. May be called more than once. Never throws: what cannot be undone does not change how the
 * process ends.
 */
export async function leaveNothing(): Promise<void> {
  for (const kind of ORDER)
    await undoings
      .get(kind)?.()
      .catch(() => {});
}
