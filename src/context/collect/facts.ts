import { lstatSync, realpathSync, type Stats } from 'node:fs';

/** What lies at a path, a link as itself; `undefined` where nothing does, or nothing can be found out. */
export function factsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Where a path leads when all its links are followed; `null` where it leads nowhere. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** Tells of paths relative to `root` whether a folder on their way is a link; every folder is looked at once. */
export function behindLinks(root: string): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const isLinked = (folder: string): boolean => {
    if (folder === '') return false;
    let linked = known.get(folder);
    if (linked === undefined) {
      linked = isLinked(folderOf(folder)) || factsOf(`${root}/${folder}`)?.isSymbolicLink() === true;
      known.set(folder, linked);
    }
    return linked;
  };
  return (path) => isLinked(folderOf(path));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
