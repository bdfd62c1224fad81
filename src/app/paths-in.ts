/** Those of the paths that a text names, in the order in which it first names them. */
export function pathsIn(text: string, paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, at: placeOf(path, text) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => path);
}

/** Where a path stands in a text as a whole, not as a part of another; -1: nowhere. */
function placeOf(path: string, text: string): number {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const before = text.slice(Math.max(0, at - 3), at);
    const after = text.slice(at + path.length, at + path.length + 2);
    if (/(^|[^\w/.-])(\.\/)?$/.test(before) && !/^([\w/-]|\.\w)/.test(after)) return at;
  }
  return -1;
}
